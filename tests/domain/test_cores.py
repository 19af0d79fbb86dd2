"""How many cores a process really has: affinity, and the quotas of control groups of both versions."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from medlabeler.domain import cores as room
from medlabeler.domain.cores import Cores, cores, quota

V2 = "40 30 0:35 {top} /sys/fs/cgroup rw,nosuid - cgroup2 cgroup2 rw,nsdelegate\n"
V1 = (
    "31 23 0:28 / /sys/fs/cgroup rw,relatime - tmpfs tmpfs rw,mode=755\n"
    "33 31 0:30 {top} /sys/fs/cgroup/cpu,cpuacct rw,relatime - cgroup cgroup rw,cpu,cpuacct\n"
    "35 31 0:32 / /sys/fs/cgroup/cpuset rw,relatime - cgroup cgroup rw,cpuset\n"
)


def machine(root: Path, own: str, mounts: str, files: dict[str, str]) -> Path:
    """A root folder as the kernel shows it."""
    (root / "proc/self").mkdir(parents=True)
    (root / "proc/self/cgroup").write_text(own)
    (root / "proc/self/mountinfo").write_text(mounts)
    for name, content in files.items():
        path = root / "sys/fs/cgroup" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content)
    return root


@pytest.mark.parametrize(
    ("own", "mounts", "files", "expected"),
    [
        # A container of its own namespace, and one without a limit.
        ("0::/\n", V2.format(top="/"), {"cpu.max": "150000 100000\n"}, 1.5),
        ("0::/\n", V2.format(top="/"), {"cpu.max": "max 100000\n"}, None),
        # A service: the least of all levels counts, whichever it is.
        (
            "0::/user.slice/app.scope\n", V2.format(top="/"),
            {"user.slice/app.scope/cpu.max": "max 100000", "user.slice/cpu.max": "400000 100000"}, 4.0,
        ),
        (
            "0::/a/b\n", V2.format(top="/"),
            {"a/b/cpu.max": "50000 100000", "a/cpu.max": "400000 100000"}, 0.5,
        ),
        # A container that sees the path of the machine but only its own part of the tree.
        ("0::/docker/0a1b\n", V2.format(top="/docker/0a1b"), {"cpu.max": "300000 100000"}, 3.0),
        ("0::/elsewhere\n", V2.format(top="/docker/0a1b"), {"cpu.max": "300000 100000"}, 3.0),
        ("0::/../other\n", V2.format(top="/"), {"cpu.max": "300000 100000"}, None),
        # A name with a blank.
        (
            "0::/\n", V2.format(top="/").replace("/sys/fs/cgroup", "/sys/fs/cgroup/a\\040b"),
            {"a b/cpu.max": "200000 100000"}, 2.0,
        ),
        # Version 1, where -1 is no limit.
        (
            "4:cpu,cpuacct:/batch/7\n3:cpuset:/x\n", V1.format(top="/"),
            {"cpu,cpuacct/batch/7/cpu.cfs_quota_us": "250000\n",
             "cpu,cpuacct/batch/7/cpu.cfs_period_us": "100000\n"}, 2.5,
        ),
        (
            "4:cpu,cpuacct:/\n", V1.format(top="/"),
            {"cpu,cpuacct/cpu.cfs_quota_us": "-1\n", "cpu,cpuacct/cpu.cfs_period_us": "100000\n"}, None,
        ),
        # Both at the same time, of which only version 1 has the processor.
        (
            "4:cpu,cpuacct:/\n0::/x\n",
            V1.format(top="/") + V2.format(top="/").replace("cgroup rw", "cgroup/unified rw"),
            {"cpu,cpuacct/cpu.cfs_quota_us": "100000\n", "cpu,cpuacct/cpu.cfs_period_us": "100000\n"}, 1.0,
        ),
        # What cannot be read is no limit.
        ("0::/\n", V2.format(top="/"), {"cpu.max": "nonsense"}, None),
        ("0::/\n", V2.format(top="/"), {"cpu.max": "100000 0"}, None),
        ("", "", {}, None),
        ("what\n0\n::\n", "is this\n - \n", {}, None),
    ],
)  # fmt: skip
def test_the_quota_is_the_least_of_all_levels(
    tmp_path: Path, own: str, mounts: str, files: dict[str, str], expected: float | None
) -> None:
    assert quota(machine(tmp_path, own, mounts, files)) == expected


def test_where_nothing_is_told_there_is_no_quota(tmp_path: Path) -> None:
    assert quota(tmp_path) is None


@pytest.mark.parametrize(
    ("allowed", "limit", "expected"),
    [
        (8, None, Cores(8, by_quota=False)),
        (2, 4.0, Cores(2, by_quota=False)),
        (8, 8.0, Cores(8, by_quota=False)),
        (8, 2.0, Cores(2, by_quota=True)),
        (8, 2.9, Cores(2, by_quota=True)),
        (8, 0.25, Cores(1, by_quota=True)),
    ],
)
def test_the_smaller_of_affinity_and_quota_counts(allowed: int, limit: float | None, expected: Cores) -> None:
    assert room._granted(allowed, limit) == expected


@pytest.mark.skipif(not hasattr(os, "sched_setaffinity"), reason="there is no affinity here")
def test_a_process_bound_to_one_core_has_one() -> None:
    one = min(os.sched_getaffinity(0))
    code = (
        f"import os; os.sched_setaffinity(0, {{{one}}})\n"
        "from medlabeler.domain.cores import cores; print(cores().n)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["1"]


@contextlib.contextmanager
def group(quota_us: int, period_us: int) -> Iterator[Path]:
    """A real control group of version 1 with this quota; skips where none can be made."""
    folder = Path("/sys/fs/cgroup/cpu") / f"medlabeler-test-{os.getpid()}"
    try:
        folder.mkdir()
        (folder / "cpu.cfs_period_us").write_text(str(period_us))
        (folder / "cpu.cfs_quota_us").write_text(str(quota_us))
    except OSError:
        with contextlib.suppress(OSError):
            folder.rmdir()
        pytest.skip("no control group can be made here")
    try:
        yield folder
    finally:
        folder.rmdir()


def test_a_real_control_group_is_seen() -> None:
    with group(80_000, 50_000) as folder:
        code = (
            f"open({str(folder / 'cgroup.procs')!r}, 'w').write('0')\n"
            "from medlabeler.domain.cores import cores, quota; print(quota(), cores().n, cores().by_quota)"
        )
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    limited = len(os.sched_getaffinity(0)) > 1
    assert done.stdout.split() == ["1.6", "1", str(limited)]


def test_this_process_has_a_core() -> None:
    assert 1 <= cores().n <= (os.cpu_count() or 1)
