"""A SIP phone on pjsua2, run as a process of its own: commands come as JSON lines on stdin, events go to stdout.

``python softphone.py FOLDER``. What it hears is written to FOLDER/heard-N.wav, one file a call. It has a process of
its own because the library's clean-up aborts, and because a phone that crashes is then only a phone that crashed.
"""

from __future__ import annotations

import contextlib
import json
import os
import select
import sys
import time
from pathlib import Path
from typing import Any

import pjsua2 as pj

LOOPBACK = "127.0.0.1"
BUSY = 486
_lines = bytearray()
_out = os.dup(1)
os.dup2(2, 1)  # whatever the library prints must not mix with the events


def tell(event: str, **what: Any) -> None:
    """One event, stamped with CLOCK_MONOTONIC, which all processes share."""
    os.write(_out, (json.dumps({"event": event, "at": time.monotonic(), **what}) + "\n").encode())


class Dialog(pj.Call):
    """A call of this phone, from either side."""

    def __init__(self, phone: Phone, number: int, call_id: int = pj.PJSUA_INVALID_ID) -> None:
        super().__init__(phone.account, call_id)
        self.phone = phone
        self.number = number
        self.recorder: pj.AudioMediaRecorder | None = None
        self.player: pj.AudioMediaPlayer | None = None
        self.media: pj.AudioMedia | None = None

    def onCallState(self, prm: Any) -> None:  # noqa: N802
        info = self.getInfo()
        if info.state == pj.PJSIP_INV_STATE_EARLY and info.role == pj.PJSIP_ROLE_UAC:
            tell("progress", call=self.number, code=info.lastStatusCode)
        elif info.state == pj.PJSIP_INV_STATE_CONFIRMED:
            tell("answered", call=self.number)
        elif info.state == pj.PJSIP_INV_STATE_DISCONNECTED:
            self.close()
            tell("disconnected", call=self.number, code=info.lastStatusCode, reason=info.lastReason)
            self.phone.forget(self)

    def onCallMediaState(self, prm: Any) -> None:  # noqa: N802
        info = self.getInfo()  # owns the vector: must outlive its reading
        for index, media in enumerate(info.media):
            if media.type == pj.PJMEDIA_TYPE_AUDIO and media.status == pj.PJSUA_CALL_MEDIA_ACTIVE:
                self.hear(index)

    def hear(self, index: int) -> None:
        first = self.media is None
        self.media = self.getAudioMedia(index)
        if self.recorder is None:
            self.recorder = pj.AudioMediaRecorder()
            self.recorder.createRecorder(str(self.phone.folder / f"heard-{self.number}.wav"))
        self.media.startTransmit(self.recorder)
        if self.player is not None:
            self.player.startTransmit(self.media)
        if first:
            tell("media", call=self.number)

    def say(self, wav: str, loop: bool) -> None:
        self.player = pj.AudioMediaPlayer()
        self.player.createPlayer(wav, 0 if loop else pj.PJMEDIA_FILE_NO_LOOP)
        if self.media is not None:
            self.player.startTransmit(self.media)

    def close(self) -> None:
        """Drop the media ports now: only a destroyed recorder closes its wav."""
        self.recorder = self.player = self.media = None


class Line(pj.Account):
    """The account: who the phone is."""

    def __init__(self, phone: Phone) -> None:
        super().__init__()
        self.phone = phone

    def onRegState(self, prm: Any) -> None:  # noqa: N802
        tell("registration", code=prm.code, active=bool(self.getInfo().regIsActive), reason=prm.reason)

    def onIncomingCall(self, prm: Any) -> None:  # noqa: N802
        self.phone.ring(prm.callId, prm.rdata.wholeMsg)


class Phone:
    """One phone: an endpoint, an account and at most one call."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.endpoint = pj.Endpoint()
        self.account: Line | None = None
        self.dialog: Dialog | None = None
        self.calls = 0
        self.on_ring: dict[str, Any] = {"do": "ring"}
        self.answer_at: float | None = None
        self.past: list[Dialog] = []
        self._start()

    def _start(self) -> None:
        self.endpoint.libCreate()
        config = pj.EpConfig()
        config.uaConfig.threadCnt = 0
        config.uaConfig.mainThreadOnly = True
        config.uaConfig.userAgent = "kommutator-test-phone"
        config.logConfig.level = config.logConfig.consoleLevel = int(os.environ.get("PHONE_LOG", "0"))
        config.medConfig.clockRate = config.medConfig.sndClockRate = 8000
        config.medConfig.audioFramePtime = 20
        config.medConfig.ecTailLen = 0
        config.medConfig.noVad = True
        self.endpoint.libInit(config)
        transport = pj.TransportConfig()
        transport.port = 0
        transport.boundAddress = LOOPBACK
        self.endpoint.transportCreate(pj.PJSIP_TRANSPORT_UDP, transport)
        self.endpoint.libStart()
        self.endpoint.audDevManager().setNullDev()
        for codec in self.endpoint.codecEnum2():
            self.endpoint.codecSetPriority(codec.codecId, 255 if codec.codecId.startswith("PCMA/8000") else 0)
        tell("started")

    def _become(self, uri: str, register: dict[str, Any] | None = None) -> None:
        config = pj.AccountConfig()
        config.idUri = uri
        config.mediaConfig.transportConfig.boundAddress = LOOPBACK
        config.mediaConfig.transportConfig.port = 0
        config.natConfig.sipOutboundUse = config.natConfig.contactRewriteUse = config.natConfig.viaRewriteUse = 0
        config.callConfig.timerUse = pj.PJSUA_SIP_TIMER_INACTIVE
        config.regConfig.registerOnAdd = False
        if register is not None:
            config.regConfig.registrarUri = f"sip:{LOOPBACK}:{register['port']}"
            config.regConfig.registerOnAdd = True
            config.regConfig.retryIntervalSec = config.regConfig.firstRetryIntervalSec = 1
            config.regConfig.timeoutSec = register.get("expires", 300)
            config.sipConfig.authCreds.append(
                pj.AuthCredInfo("digest", "*", register["user"], pj.PJSIP_CRED_DATA_PLAIN_PASSWD, register["password"])
            )
        self.account = Line(self)
        self.account.create(config)

    def register(self, user: str, password: str, port: int, expires: int = 300) -> None:
        self._become(f"sip:{user}@{LOOPBACK}", {"user": user, "password": password, "port": port, "expires": expires})

    def unregister(self) -> None:
        self._account().setRegistration(False)

    def call(self, number: str, caller: str, port: int) -> None:
        if self.account is None:
            self._become(f"sip:{caller}@{LOOPBACK}")
        self.calls += 1
        self.dialog = Dialog(self, self.calls)
        self.dialog.makeCall(f"sip:{number}@{LOOPBACK}:{port}", pj.CallOpParam(True))

    def policy(self, **what: Any) -> None:
        """What to do when it rings: ``do`` is ``answer`` (``after`` s), ``ring`` or ``code`` (with this ``code``)."""
        self.on_ring = what

    def ring(self, call_id: int, message: str) -> None:
        self.calls += 1
        dialog = Dialog(self, self.calls, call_id)
        if self.dialog is not None:
            self.past.append(dialog)
            self._reply(dialog, BUSY)
            return
        self.dialog = dialog
        tell("ringing", call=dialog.number, invite=message)
        if self.on_ring["do"] == "code":
            self._reply(dialog, self.on_ring["code"])
            return
        self._reply(dialog, 180)
        if self.on_ring["do"] == "answer":
            self.answer_at = time.monotonic() + self.on_ring.get("after", 0.0)

    def answer(self) -> None:
        self.answer_at = None
        self._reply(self._dialog(), 200)

    def decline(self, code: int = 603) -> None:
        self._dialog().hangup(_with(code))

    def keys(self, digits: str, milliseconds: int = 0) -> None:
        if not milliseconds:
            self._dialog().dialDtmf(digits)
            return
        param = pj.CallSendDtmfParam()
        param.digits, param.duration = digits, milliseconds
        self._dialog().sendDtmf(param)

    def say(self, wav: str, loop: bool = False) -> None:
        self._dialog().say(wav, loop)

    def hangup(self) -> None:
        self._dialog().hangup(_with(0))

    def forget(self, dialog: Dialog) -> None:
        """Not deleted here: the library is still inside this object's callback."""
        self.past.append(dialog)
        if self.dialog is dialog:
            self.dialog, self.answer_at = None, None

    def step(self) -> None:
        """Let the library work for up to 10 ms, then do what is due."""
        self.endpoint.libHandleEvents(10)
        self.past.clear()
        if self.answer_at is not None and time.monotonic() >= self.answer_at:
            self.answer()

    def leave(self) -> None:
        with contextlib.suppress(pj.Error):
            self.endpoint.hangupAllCalls()
            if self.account is not None and self.account.getInfo().regIsActive:
                self.account.setRegistration(False)
            until = time.monotonic() + 0.5
            while self.dialog is not None and time.monotonic() < until:
                self.step()
        if self.dialog is not None:
            self.dialog.close()
        for _ in range(3):
            self.endpoint.libHandleEvents(10)

    def _dialog(self) -> Dialog:
        if self.dialog is None:
            raise LookupError("no call")
        return self.dialog

    def _account(self) -> Line:
        if self.account is None:
            raise LookupError("no account")
        return self.account

    def _reply(self, dialog: Dialog, code: int) -> None:
        dialog.answer(_with(code))


def _with(code: int) -> pj.CallOpParam:
    param = pj.CallOpParam()
    param.statusCode = code
    return param


def commands() -> list[dict[str, Any]] | None:
    """Commands that have come, without waiting; None when whoever gave them is gone."""
    while select.select([0], [], [], 0)[0]:
        data = os.read(0, 65536)
        if not data:
            return None
        _lines.extend(data)
    *whole, rest = bytes(_lines).split(b"\n")
    _lines[:] = rest
    return [json.loads(line) for line in whole]


def serve(phone: Phone) -> None:
    while (given := commands()) is not None:
        for command in given:
            name = command.pop("do")
            if name == "leave":
                return
            try:
                number = phone.dialog.number if phone.dialog else 0
                getattr(phone, name)(**command.get("with", {}))
                tell("done", re=command["re"], call=phone.dialog.number if phone.dialog else number)
            except (pj.Error, LookupError) as error:
                tell("failed", re=command["re"], why=error.info() if isinstance(error, pj.Error) else str(error))
        phone.step()


if __name__ == "__main__":
    the_phone = Phone(Path(sys.argv[1]))
    serve(the_phone)
    the_phone.leave()
    tell("left")
    os._exit(0)  # the binding's own tear-down asserts
