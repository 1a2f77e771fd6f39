"""The service in an emulated arm64 machine, with a kernel and a systemd of its own: what `make test-arm64` runs.

install.sh stages it with arm64's own Python and wheels; the machine then boots with it. Slow, so no part of the suite.
Wants root and: apt-get install mmdebstrap qemu-system-arm qemu-user-static arch-test cpio e2fsprogs
"""

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.system import trees

SUITE = "bookworm"
SECONDS = 1200
KERNEL = "linux-image-arm64,busybox-static"
MODULES = ("virtio_mmio", "virtio_blk", "crc32c_generic", "crc16", "mbcache", "jbd2", "ext4")
"""What this kernel needs before it can read the disk, in an order that it accepts."""

BINFMT = Path("/proc/sys/fs/binfmt_misc")

# Emulated floating point is far slower than a Raspberry Pi's: what bounds time and processor is lifted, and the voice
# is spoken whole, since its preparation did not end within a quarter of an hour.
DROP_IN = "[Service]\nTimeoutStartSec=900\nWatchdogSec=600\nCPUQuota=\n"
SCRIPT = """
uname -srm; systemctl --version | head -n 1; python3 -V; cat /sys/fs/cgroup/cgroup.controllers
systemctl show -P ActiveState,MemoryMax hailo-piper
pkill -f hailo_piper.engine.piper.preparing
cat /sys/fs/cgroup/system.slice/hailo-piper.service/memory.max
python3 /checkout/tests/system/ask.py '{"input": "Hello, Raspberry Pi."}'
systemctl is-active hailo-piper && hailo-piper --version && ps -o user=,cmd= -C hailo-piper
systemd-analyze security --no-pager hailo-piper | tail -n 1
"""
UNIT = """
[Unit]
After=multi-user.target hailo-piper.service
[Service]
Type=oneshot
ExecStart=/bin/bash -c 'bash /root/try.sh 2>&1; systemctl --no-block poweroff'
StandardOutput=tty
StandardError=tty
TTYPath=/dev/ttyAMA0
TimeoutStartSec=infinity
"""
INIT = """#!/bin/sh
/bin/busybox mount -t devtmpfs dev /dev
for name in MODULES; do /bin/busybox insmod /m/$name.ko; done
/bin/busybox sleep 1
/bin/busybox mount -t ext4 /dev/vda /r && exec /bin/busybox switch_root /r /lib/systemd/systemd
/bin/busybox poweroff -f
"""


def main() -> int:
    if not (BINFMT / "qemu-aarch64").exists():
        if not (BINFMT / "register").exists():
            subprocess.run(["mount", "-t", "binfmt_misc", "binfmt_misc", str(BINFMT)], check=True)
        subprocess.run(["/lib/systemd/systemd-binfmt", "qemu-aarch64.conf"], check=True)
    print("making the tree, the kernel and the wheelhouse ...", flush=True)
    tree = trees.tree(SUITE, "aarch64")
    kernel = trees.tree(SUITE, "aarch64", packages=KERNEL, variant="extract")
    wheels = trees.wheelhouse(SUITE, "aarch64")
    with tempfile.TemporaryDirectory(dir=trees.CACHE) as directory:
        work = Path(directory)
        make_image(work, tree, wheels)
        make_initrd(work, kernel)
        print("booting ...", flush=True)
        output = boot(work, kernel)
    print(output)
    return 0 if '"status": 200' in output else 1


def make_image(work: Path, tree: Path, wheels: Path) -> None:
    root = work / "root"
    subprocess.run(["cp", "-a", str(tree), str(root)], check=True)
    shutil.copytree(wheels, root / "wheelhouse")
    (root / "checkout").mkdir()
    command = "git ls-files -z --cached --others --exclude-standard | xargs -0 tar -cf -"
    packed = subprocess.run(["sh", "-c", command], cwd=trees.ROOT, stdout=subprocess.PIPE, check=True)
    subprocess.run(["tar", "-xf", "-", "-C", str(root / "checkout")], input=packed.stdout, check=True)
    staging = (
        f"mount --bind /dev {root}/dev && mount -t proc proc {root}/proc && exec chroot {root} /checkout/install.sh"
    )
    command_line = ["unshare", "--mount", "--propagation=private", "sh", "-c", staging]
    subprocess.run(command_line, env={"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "DESTDIR": "/stage"}, check=True)
    subprocess.run(["cp", "-a", f"{root}/stage/.", str(root)], check=True)
    for used in ("stage", "wheelhouse"):
        shutil.rmtree(root / used)
    subprocess.run(["chroot", str(root), "systemd-sysusers"], check=True)
    yaml = root / "etc/hailo/hailo-piper.yaml"
    yaml.write_text(yaml.read_text().replace("request_timeout: 30", "request_timeout: 900"))
    units = root / "etc/systemd/system"
    (units / "multi-user.target.wants").mkdir(exist_ok=True)
    (units / "multi-user.target.wants/hailo-piper.service").symlink_to("/etc/systemd/system/hailo-piper.service")
    (units / "hailo-piper.service.d/90-emulated.conf").write_text(DROP_IN)
    (units / "try.service").write_text(UNIT)
    (root / "root/try.sh").write_text(SCRIPT)
    (units / "default.target.wants").mkdir(exist_ok=True)
    (units / "default.target.wants/try.service").symlink_to("../try.service")
    (units / "default.target").unlink(missing_ok=True)
    (units / "default.target").symlink_to("/lib/systemd/system/multi-user.target")
    # Without udev the terminal's device unit never comes up.
    (units / "serial-getty@ttyAMA0.service").symlink_to("/dev/null")
    (root / "etc/fstab").write_text("")
    options = ["-t", "ext4", "-O", "^has_journal", "-E", "lazy_itable_init=1", "-d", str(root)]
    subprocess.run(["mke2fs", "-q", *options, str(work / "root.img"), "3G"], check=True)
    shutil.rmtree(root)


def make_initrd(work: Path, kernel: Path) -> None:
    initrd = work / "initrd"
    for name in ("bin", "m", "proc", "sys", "dev", "r"):
        (initrd / name).mkdir(parents=True)
    shutil.copy(next(path for path in kernel.glob("**/bin/busybox") if not path.is_symlink()), initrd / "bin/busybox")
    (initrd / "bin/sh").symlink_to("busybox")
    for name in MODULES:
        shutil.copy(next(kernel.glob(f"lib/modules/**/{name}.ko")), initrd / "m")
    (initrd / "init").write_text(INIT.replace("MODULES", " ".join(MODULES)))
    (initrd / "init").chmod(0o755)
    pack = f"find . | cpio -o -H newc --quiet | gzip -1 > {work}/initrd.gz"
    subprocess.run(["sh", "-c", pack], cwd=initrd, check=True)


def boot(work: Path, kernel: Path) -> str:
    """The machine's console, from its start to its end."""
    command = [
        "qemu-system-aarch64", "-M", "virt", "-cpu", "cortex-a76", "-accel", "tcg,thread=multi", "-smp", "2",
        "-m", "3G",
        "-nographic", "-nic", "none", "-no-reboot", "-kernel", str(next(kernel.glob("boot/vmlinuz-*"))),
        "-initrd", str(work / "initrd.gz"),
        "-append", "console=ttyAMA0 rdinit=/init root=/dev/vda rw quiet panic=-1 systemd.show_status=no",
        "-drive", f"if=none,file={work}/root.img,format=raw,id=disk,cache=unsafe",
        "-device", "virtio-blk-device,drive=disk",
    ]  # fmt: skip
    try:
        done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, check=False, timeout=SECONDS)
    except subprocess.TimeoutExpired as late:
        return (late.stdout or b"").decode(errors="replace") + f"\nnot done within {SECONDS} s"
    return done.stdout.decode(errors="replace")


if __name__ == "__main__":
    sys.exit(main())
