"""The HTTP listener answers OpenAI's contract, our own endpoints, pages and probes.

Modules, in import order: `bodies`, `listings`, `sse`, `cors`, `openapi`, `pages`, `guards`, `operator_routes`,
`voice_store`, `app`, `server`.
"""
