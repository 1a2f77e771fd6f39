"""The service keeps files, batches and jobs of clients here, and has a process of its own speak them.

Modules, in import order: `database`, `kept`, `directory`, `works`, `store`, `progress`, `worker`, `batches`,
`texts`, `kinds`, `runner`, `targets`, `sending`, `webhooks`, `long_work`.
"""
