"""A stage is made to carry columns over, at the tensors through which all of it passes."""

from itertools import pairwise

import numpy as np
from onnx import ModelProto, TensorProto, helper, numpy_helper
from onnx.shape_inference import infer_shapes

from hailo_piper.engine.piper.prepared.carry import Step, carry_name, most_carried, next_name
from hailo_piper.engine.piper.preparing.reach import halos, narrow_places
from hailo_piper.engine.piper.preparing.trim import TIME, insert_trim
from hailo_piper.engine.piper.preparing.wiring import Wiring, insert_behind, read_instead


def carrying(model: ModelProto, latent: str) -> tuple[ModelProto, tuple[Step, ...]]:
    """Return the stage as a row of steps that carry over; the same stage and none, where a reach is unknown."""
    wiring = Wiring(model.graph)
    places = narrow_places(wiring, latent)
    known = {value.name: value.type.tensor_type.shape.dim for value in infer_shapes(model).graph.value_info}
    try:
        reaches = [
            halos(wiring, end, start)[start] for start, end in pairwise([latent, *places, model.graph.output[0].name])
        ]
        channels = [int(known[name][1].dim_value) for name in places]
    except LookupError:
        return model, ()
    if not all(channels):
        return model, ()
    steps = tuple(Step(stride, reach) for reach, stride in reaches)
    result = ModelProto()
    result.CopyFrom(model)
    for number, name in enumerate(places, 1):
        _carry(result, insert_trim(result, name, number), number, channels[number - 1], most_carried(steps[number]))
    return result, steps


def _carry(model: ModelProto, name: str, number: int, channels: int, most: int) -> None:
    """Put the columns carried over before a tensor, for all that read it, and return the last `most` of both."""
    graph = model.graph
    carried, kept, joined = carry_name(number), next_name(number), f"{name}_joined"
    constants = {f"{kept}_start": [-most], f"{kept}_end": [np.iinfo(np.int64).max], f"{kept}_axis": [TIME]}
    graph.initializer.extend(numpy_helper.from_array(np.array(value), key) for key, value in constants.items())
    read_instead(graph, name, joined)
    join = helper.make_node("Concat", [carried, name], [joined], name=joined, axis=TIME)
    keep = helper.make_node("Slice", [joined, *constants], [kept], name=kept)
    insert_behind(graph, name, join, keep)
    for values, value in ((graph.input, carried), (graph.output, kept)):
        values.append(helper.make_tensor_value_info(value, TensorProto.FLOAT, [1, channels, f"{value}_columns"]))
