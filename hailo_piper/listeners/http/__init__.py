"""The HTTP listener answers OpenAI's contract, our own endpoints, pages and probes.

Modules, in import order: `bodies`, `json_body`, `unknown_paths`, `vendor_errors`, `listings`, `sse`, `presence`,
`traced_app`, `cors`, `whole_answer`, `speech_routes`, `deepgram_answers`, `elevenlabs_answers`, `vendor_routes`,
`openapi_bodies`, `openapi_vendors`, `openapi_operator`, `openapi_jobs`, `openapi`, `pages`, `gate`, `error_handlers`,
`config_listing`, `operator_routes`, `voice_installer`, `voice_routes`, `caption_routes`, `text_routes`,
`lexicon_routes`, `server`, `kept_work`, `file_routes`, `batch_routes`,
`job_routes`, `app`.
"""
