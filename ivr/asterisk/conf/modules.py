"""modules.conf: the modules that are used, by name; everything else stays unloaded."""

from __future__ import annotations

from ivr.asterisk.conf.section import file, section
from ivr.asterisk.installation import Installation

NEEDED = (
    # configuration and dialplan
    "pbx_config", "res_sorcery_config", "res_sorcery_memory", "res_sorcery_astdb",
    "func_callerid", "func_channel", "func_cut", "func_env", "func_lock", "func_logic", "func_strings", "func_timeout",
    # speaking, listening, ringing, recording
    "res_speech", "res_agi", "app_dial", "app_dtmfstore", "app_echo", "app_exec", "app_mixmonitor", "app_playback",
    "app_read", "app_record", "app_stack", "res_musiconhold",
    # sound
    "codec_alaw", "codec_ulaw", "codec_a_mu", "codec_g722", "codec_resample", "format_pcm", "format_sln", "format_wav",
    "res_timing_timerfd", "bridge_simple", "bridge_native_rtp", "bridge_builtin_features", "bridge_softmix",
    # SIP and RTP
    "res_crypto", "res_rtp_asterisk", "res_srtp", "res_pjproject", "res_pjsip", "res_pjsip_pubsub",
    "res_pjsip_acl", "res_pjsip_authenticator_digest", "res_pjsip_caller_id", "res_pjsip_dlg_options",
    "res_pjsip_dtmf_info", "res_pjsip_endpoint_identifier_ip", "res_pjsip_endpoint_identifier_user",
    "res_pjsip_nat", "res_pjsip_registrar", "res_pjsip_rfc3326", "res_pjsip_sdp_rtp", "res_pjsip_session",
    "chan_pjsip",
)  # fmt: skip
"""Without any of these the hotline does not work as described: ``ivr doctor`` looks for each."""

BROWSER = ("res_http_websocket", "res_pjsip_transport_websocket")
"""Without these no browser can be a phone; everything else goes on."""

OPUS = ("codec_opus", "codec_opus_open_source")
"""The codec by its two names, of which one is there at most."""

OPUS_ATTRIBUTES = "res_format_attr_opus"
"""What agrees on it with the other side."""


def browser_phones(installation: Installation) -> bool:
    """Whether browsers can be phones."""
    return all(installation.has(name) for name in BROWSER)


def opus(installation: Installation) -> str:
    """The module of the Opus codec; "" where there is none."""
    found = [name for name in OPUS if installation.has(name)]
    return found[0] if found and installation.has(OPUS_ATTRIBUTES) else ""


def modules_conf(installation: Installation) -> str:
    """Only what is used, and only what is there."""
    codec = (opus(installation), OPUS_ATTRIBUTES) if opus(installation) else ()
    present = [name for name in (*NEEDED, *BROWSER, *codec) if installation.has(name)]
    return file(section("modules", ("autoload", "no"), *(("load", f"{name}.so") for name in present)))
