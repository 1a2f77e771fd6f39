#!/bin/sh
# Runs a command as a container of a pod would: as its user, without capabilities, the root read-only, only its mounts there.
# Wants a mount namespace of its own, and in the environment: CHECKOUT, VENV, PYTHON (where its own files are), POD_UID,
# POD_GID and MOUNTS, as FROM:TO:ro|rw.
set -eu
mount -t tmpfs tmpfs /mnt
mkdir /mnt/checkout /mnt/venv /mnt/python
mount --bind "$CHECKOUT" /mnt/checkout
mount --bind "$VENV" /mnt/venv
mount --bind "$PYTHON" /mnt/python
# Where mount points may be missing, a layer takes them; nothing of it reaches the machine.
for folder in etc var; do
    mkdir -p "/mnt/$folder/new" "/mnt/$folder/work"
    mount -t overlay -o "lowerdir=/$folder,upperdir=/mnt/$folder/new,workdir=/mnt/$folder/work" overlay "/$folder"
done
for entry in $MOUNTS; do
    from=${entry%%:*} rest=${entry#*:}
    mkdir -p "${rest%:*}"
    # The last mount hides /tmp, and with it what the others come from.
    mount --bind "$from" "${rest%:*}"
    mount -o "remount,bind,${rest#*:}" "${rest%:*}"
done
for folder in / /etc /var /mnt; do
    mount -o remount,bind,ro "$folder"
done
cd /
exec setpriv --reuid "$POD_UID" --regid "$POD_GID" --clear-groups --no-new-privs --bounding-set=-all --inh-caps=-all -- "$@"
