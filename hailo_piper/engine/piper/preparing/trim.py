"""Trims cut a window's overlap down to what the rest of the decoder still needs.

The last and most costly layers of a HiFi-GAN look only a fifth of a frame to each side, those before them a whole one.
"""

import numpy as np
from onnx import ModelProto, TensorProto, helper, numpy_helper

from hailo_piper.engine.piper.prepared.window import Trim, end_name, start_name
from hailo_piper.engine.piper.preparing.reach import halos, narrow_places
from hailo_piper.engine.piper.preparing.wiring import Wiring, insert_behind, read_instead

_AXIS = "trim_axis"
TIME = 2


def trimmed(model: ModelProto, source: str) -> tuple[ModelProto, tuple[Trim, ...]]:
    """Return the stage with its trims, in order; the same stage and none, where a reach is unknown."""
    wiring = Wiring(model.graph)
    try:
        needed = halos(wiring, model.graph.output[0].name, source)
    except LookupError:
        return model, ()
    places = [name for name in narrow_places(wiring, source) if name in needed]
    if not places:
        return model, ()
    whole = needed[source][1]
    result = ModelProto()
    result.CopyFrom(model)
    for number, name in enumerate(places):
        insert_trim(result, name, number)
    return result, tuple(Trim(whole // needed[name][1], needed[name][0]) for name in places)


def insert_trim(model: ModelProto, name: str, number: int) -> str:
    """Cut a tensor in time for all that read it; return the name of what is left."""
    graph = model.graph
    if _AXIS not in {tensor.name for tensor in graph.initializer}:
        graph.initializer.append(numpy_helper.from_array(np.array([TIME]), _AXIS))
    bounds = [start_name(number), end_name(number)]
    graph.input.extend(helper.make_tensor_value_info(bound, TensorProto.INT64, [1]) for bound in bounds)
    cut = f"{name}_trimmed"
    read_instead(graph, name, cut)
    insert_behind(graph, name, helper.make_node("Slice", [name, *bounds, _AXIS], [cut], name=f"{name}_trim"))
    return cut
