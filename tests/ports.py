"""Ports for what a test starts."""

import socket


def free(count: int = 1) -> list[int]:
    """Ports that neither TCP nor UDP uses on loopback now; held all at once, so that they differ."""
    held: list[socket.socket] = []
    ports: list[int] = []
    while len(ports) < count:
        tcp = socket.create_server(("127.0.0.1", 0))
        held.append(tcp)
        udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        held.append(udp)
        port = tcp.getsockname()[1]
        try:
            udp.bind(("127.0.0.1", port))
        except OSError:
            continue
        ports.append(port)
    for one in held:
        one.close()
    return ports
