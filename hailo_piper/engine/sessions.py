"""Sessions of onnxruntime share the machine with each other and with all that is spoken."""

import onnxruntime


def session_options(threads: int, *, spins: bool = False) -> onnxruntime.SessionOptions:
    """Return options under which inferences share the machine well."""
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 4
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    # Spinning threads use up the quota that working ones need: under CPUQuota=80% all are three times slower. Where
    # each has a processor, spinning saves waking it for each of 600 steps; after the last step they rest in any case.
    options.add_session_config_entry("session.intra_op.allow_spinning", str(int(spins)))
    options.add_session_config_entry("session.force_spinning_stop", "1")
    # Planning the reuse of memory takes four fifths of the loading time, and gains nothing here.
    options.enable_mem_reuse = False
    options.enable_mem_pattern = False
    return options


def shrinking() -> onnxruntime.RunOptions:
    """Return options of a run after which arenas release what it did not need."""
    options = onnxruntime.RunOptions()
    options.add_run_config_entry("memory.enable_memory_arena_shrinkage", "cpu:0")
    return options
