from pathlib import Path

from hailo_piper.machine.condition import condition, description


def written(root: Path, name: str, text: str) -> None:
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def raspberry_pi(root: Path) -> Path:
    cpu = "sys/devices/system/cpu/cpu0/cpufreq"
    written(root, "proc/device-tree/model", "Raspberry Pi 5 Model B Rev 1.0\0")
    written(root, "proc/meminfo", "MemTotal:        8245232 kB\nMemFree: 1 kB\n")
    written(root, "etc/os-release", 'NAME="Debian"\nPRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\n')
    written(root, f"{cpu}/scaling_governor", "ondemand\n")
    written(root, f"{cpu}/cpuinfo_max_freq", "2400000\n")
    written(root, f"{cpu}/scaling_cur_freq", "1500000\n")
    written(root, "sys/class/thermal/thermal_zone0/type", "cpu-thermal\n")
    written(root, "sys/class/thermal/thermal_zone0/temp", "61250\n")
    written(root, "sys/class/thermal/thermal_zone1/type", "battery\n")
    written(root, "sys/class/thermal/thermal_zone1/temp", "99000\n")
    written(root, "sys/devices/platform/soc@107c000000/soc@107c000000:firmware/get_throttled", "50005\n")
    return root


def test_a_raspberry_pi_tells_what_it_is(tmp_path: Path) -> None:
    told = description(raspberry_pi(tmp_path))
    assert told["model"] == "Raspberry Pi 5 Model B Rev 1.0"
    assert (told["governor"], told["most_mhz"], told["memory_mb"]) == ("ondemand", 2400.0, 8051)
    assert told["system"] == "Debian GNU/Linux 12 (bookworm)"


def test_it_tells_how_hot_it_is_and_how_it_is_held_back(tmp_path: Path) -> None:
    told = condition(raspberry_pi(tmp_path))
    assert (told["celsius"], told["mhz"]) == (61.2, 1500.0)
    assert told["held_back"] == [
        "voltage too low",
        "throttled",
        "voltage too low since it was started",
        "throttled since it was started",
    ]


def test_what_a_machine_does_not_tell_is_none(tmp_path: Path) -> None:
    told = description(tmp_path) | condition(tmp_path)
    unknown = {"model", "governor", "most_mhz", "memory_mb", "system", "celsius", "mhz", "held_back"}
    assert {name for name, value in told.items() if value is None} >= unknown


def test_this_machine_tells_its_processor_and_memory() -> None:
    told = description()
    assert told["memory_mb"] > 100
    assert told["cores"] >= 1
