"""The HTTP listener answers OpenAI's contract, our own endpoints, pages and probes.

Modules, in import order: `bodies`, `json_body`, `error_object`, `listings`, `sse`, `traced_app`, `cors`,
`openapi_bodies`, `openapi`, `pages`, `gate`, `error_handlers`, `operator_routes`, `voice_installer`, `voice_routes`,
`whole_answer`, `speech_routes`, `caption_routes`, `text_routes`, `app`, `server`.
"""
