"""The service asks its machine for processors, memory and directories, and notifies systemd.

Modules, in import order: `cpus`, `condition`, `heap`, `user_directories`, `file_lock`, `systemd`, `priority`.
"""
