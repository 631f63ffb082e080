"""The least that any FastAGI engine costs: an asyncio server that reads replies and writes commands from a list."""

from __future__ import annotations

import asyncio
import sys


async def main(port: int, commands: list[str]) -> None:
    """Serve until the process is ended."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while (await reader.readline()).strip():
                pass
            for command in commands:
                writer.write(command.encode() + b"\n")
                while not (line := await reader.readline()).startswith(b"200"):
                    if not line:
                        return
        except ConnectionError:
            pass
        finally:
            writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", port)
    print("ready", flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]), sys.stdin.read().splitlines()))
