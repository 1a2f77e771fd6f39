"""The machine sets bounds: processors, memory, directories and the service manager.

Modules, in import order: `cpus`, `heap`, `user_directories`, `file_lock`, `systemd`.
"""
