"""Runs programs and measures them from outside: wall clock, CPU and peak resident memory of whole processes."""

import os
import statistics
import subprocess
import tempfile
import time


class Failed(Exception):
    """A program ended with another status than it should."""


class Run:
    """What one run of a command, or of several joined by pipes, took."""

    def __init__(self, wall, cpu, memory):
        self.wall = wall  # seconds
        self.cpu = cpu  # seconds, user and system, of all processes
        self.memory = memory  # bytes, the sum of the processes' peaks


def run(*commands, folder, statuses=(0,)):
    """Runs commands joined by pipes and measures them.

    A process's peak cannot be told apart from that of the process it was forked from while that is larger, so this
    program must itself stay small: it makes data in processes of their own.
    """
    with tempfile.TemporaryFile() as errors:
        started = time.monotonic()
        processes = []
        upstream = subprocess.DEVNULL
        for index, command in enumerate(commands):
            is_last = index == len(commands) - 1
            process = subprocess.Popen(
                [str(word) for word in command],
                cwd=folder,
                stdin=upstream,
                stdout=subprocess.DEVNULL if is_last else subprocess.PIPE,
                stderr=errors,
            )
            if index > 0:
                upstream.close()
            upstream = process.stdout
            processes.append(process)
        cpu = 0.0
        memory = 0
        bad = []
        for process, command in zip(processes, commands):
            _, status, usage = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
            if process.returncode not in statuses:
                bad.append("%s ended with status %d" % (command[0], process.returncode))
            cpu += usage.ru_utime + usage.ru_stime
            memory += usage.ru_maxrss * 1024
        wall = time.monotonic() - started
        if bad:
            errors.seek(0)
            raise Failed("; ".join(bad) + "\n" + errors.read(4000).decode(errors="replace"))
    return Run(wall, cpu, memory)


def start_up(command, times):
    """Wall seconds from fork to end of a short command, one for each time."""
    walls = []
    null = os.open(os.devnull, os.O_WRONLY)
    try:
        for _ in range(times):
            started = time.monotonic()
            process = os.posix_spawn(command[0], command, os.environ, file_actions=[(os.POSIX_SPAWN_DUP2, null, 1)])
            _, status = os.waitpid(process, 0)
            walls.append(time.monotonic() - started)
            if status != 0:
                raise Failed("%s ended with status %d" % (command[0], os.waitstatus_to_exitcode(status)))
    finally:
        os.close(null)
    return walls


def median(runs, what):
    return statistics.median(getattr(run, what) for run in runs)


def in_own_process(work, *arguments):
    """Calls a function in a process of its own, so that its memory is not this one's."""
    process = os.fork()
    if process == 0:
        status = 1
        try:
            work(*arguments)
            status = 0
        except BaseException:
            import traceback

            traceback.print_exc()
        finally:
            os._exit(status)
    _, status = os.waitpid(process, 0)
    if status != 0:
        raise Failed("%s failed" % work.__name__)
