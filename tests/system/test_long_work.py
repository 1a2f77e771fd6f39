"""A batch under the unit: its process gives way as the sandbox lets it, and it survives the service's end."""

import json
from typing import Any

from tests.system.box import Box
from tests.system.test_install import main_pid

BATCH = "python3 /checkout/tests/system/batch.py"
# In brackets, so that the shell that looks for it is not found.
WORKER = "pgrep -f 'hailo_pipe[r] batch'"
NUMBER = 20


def shown(box: Box, batch: str) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(box.get(f"{BATCH} {batch}"))
    return told


def test_a_batch_gives_way_and_survives_the_service(box: Box) -> None:
    begun = json.loads(box.get(f"{BATCH} {NUMBER}"))["id"]
    box.wait_until(f"chrt -p $({WORKER}) | grep -q SCHED_IDLE", seconds=60)
    assert box.get(f"cat /proc/$({WORKER})/oom_score_adj") == "1000"
    box.wait_until(f"{BATCH} {begun} | grep -vq '\"completed\": 0'", seconds=300)
    box.get(f"kill -9 {main_pid(box)}")
    box.wait_until("hailo-piper verify >/dev/null", seconds=20)
    box.wait_until(f'{BATCH} {begun} | grep -q \'"status": "completed"\'', seconds=600)
    assert shown(box, begun)["request_counts"] == {"total": NUMBER, "completed": NUMBER, "failed": 0}
    assert box.get("stat -c %a /var/lib/hailo-piper/jobs /var/lib/hailo-piper/jobs/jobs.db").split() == ["700", "600"]


def test_a_worker_that_takes_all_memory_ends_alone(box: Box) -> None:
    pid = main_pid(box)
    begun = json.loads(box.get(f"{BATCH} {NUMBER}"))["id"]
    box.wait_until(WORKER, seconds=60)
    # As the kernel does it when the unit's memory runs out.
    box.get(f"kill -9 $({WORKER})")
    box.wait_until(f'{BATCH} {begun} | grep -q \'"status": "completed"\'', seconds=600)
    assert main_pid(box) == pid
    assert box.get("systemctl show --value --property OOMPolicy hailo-piper") == "continue"
