"""The modules a private Asterisk loads: the shortest list with which every kind of call works."""

_CORE = (
    "res_timing_timerfd", "res_timing_pthread", "res_sorcery_config", "res_sorcery_memory",
    "res_sorcery_astdb", "res_crypto", "pbx_config", "cdr_csv", "app_cdr", "res_security_log",
    "res_clioriginate",  # the console's `channel redirect`: the supervisor's rescue
)  # fmt: skip
_SIP = (
    "res_pjproject", "res_pjsip", "res_pjsip_session", "chan_pjsip", "res_pjsip_acl",
    "res_pjsip_authenticator_digest", "res_pjsip_caller_id", "res_pjsip_dlg_options",
    "res_pjsip_dtmf_info", "res_pjsip_diversion", "res_pjsip_empty_info",
    "res_pjsip_endpoint_identifier_ip", "res_pjsip_endpoint_identifier_user",
    "res_pjsip_header_funcs", "res_pjsip_logger", "res_pjsip_maintenance", "res_pjsip_nat",
    "res_pjsip_outbound_authenticator_digest", "res_pjsip_outbound_registration",
    "res_pjsip_path", "res_pjsip_refer", "res_pjsip_registrar", "res_pjsip_rfc3326",
    "res_pjsip_sdp_rtp", "res_pjsip_pubsub", "res_pjsip_transport_websocket",
    "res_http_websocket", "res_rtp_asterisk", "res_srtp",
)  # fmt: skip
_ARI = (
    "res_ari", "res_ari_model", "res_ari_applications", "res_ari_asterisk", "res_ari_bridges",
    "res_ari_channels", "res_ari_device_states", "res_ari_endpoints", "res_ari_events",
    "res_ari_playbacks", "res_ari_recordings", "res_ari_sounds", "res_stasis",
    "res_stasis_answer", "res_stasis_broadcast", "res_stasis_device_state",
    "res_stasis_playback", "res_stasis_recording", "res_stasis_snoop", "app_stasis",
    "app_stasis_broadcast", "res_websocket_client",
)  # fmt: skip
_APPLICATIONS = (
    "app_dial", "app_exec", "app_playback", "app_queue", "app_read", "app_voicemail", "app_stack",
    "app_userevent", "app_verbose", "app_senddtmf", "app_echo", "res_agi",
    "res_speech", "res_musiconhold",
)  # fmt: skip
_FUNCTIONS = (
    "func_callerid", "func_cdr", "func_channel", "func_global", "func_hangupcause",
    "func_logic", "func_strings", "func_talkdetect", "func_timeout", "func_pjsip_endpoint",
    "func_pjsip_aor", "func_pjsip_contact",
)  # fmt: skip
_BRIDGES = (
    "bridge_builtin_features", "bridge_builtin_interval_features", "bridge_holding",
    "bridge_native_rtp", "bridge_simple", "bridge_softmix", "chan_bridge_media",
)  # fmt: skip
_MEDIA = (
    "codec_a_mu", "codec_alaw", "codec_ulaw", "codec_g722", "codec_resample",
    "codec_opus_open_source", "res_format_attr_opus", "format_pcm", "format_sln", "format_wav",
    "codec_gsm", "format_gsm",  # Debian's own English sounds
)  # fmt: skip

MODULES = (*_CORE, *_SIP, *_ARI, *_APPLICATIONS, *_FUNCTIONS, *_BRIDGES, *_MEDIA)

# What a site's own Asterisk must have loaded as well (doctor asks it through ARI).
NEEDED_ELSEWHERE = ("res_stasis_broadcast", "app_stasis_broadcast", *_ARI[:12], "res_pjsip")
