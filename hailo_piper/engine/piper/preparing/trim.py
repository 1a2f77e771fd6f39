"""Trims cut a window's overlap down to what the rest of the stage still needs.

A HiFi-GAN looks 11 frames to each side, but its last and most costly layers only a fifth of a frame; each of a flow's
four couplings looks 8 frames. So trims save half of the decoder's work for a window of 8 frames, a fifth for one of 64.
"""

import numpy as np
from onnx import ModelProto, NodeProto, TensorProto, helper, numpy_helper

from hailo_piper.engine.piper.prepared.window import Trim, end_name, start_name
from hailo_piper.engine.piper.preparing.wiring import Wiring, attribute

_SAME_MOMENT = frozenset({
    "Add", "Concat", "Div", "Exp", "Identity", "LeakyRelu", "Mul", "Neg", "Relu", "Sigmoid", "Slice", "Split", "Sub",
    "Tanh", "Unsqueeze",
})  # fmt: skip
"""Operations whose every value depends on inputs of the same moment alone.

Slices and splits are assumed to be of channels; the comparison with the whole graph would show others.
"""
_AXIS = "trim_axis"


def trimmed(model: ModelProto, latent: str) -> tuple[ModelProto, tuple[Trim, ...]]:
    """Return the stage with its trims, in order; the same stage and none, where the reach of a step is unknown."""
    wiring = Wiring(model.graph)
    try:
        halos = _halos(wiring)
    except LookupError:
        return model, ()
    places = [name for name in _narrow_places(wiring, latent) if name in halos]
    if not places:
        return model, ()
    result = ModelProto()
    result.CopyFrom(model)
    graph = result.graph
    graph.initializer.append(numpy_helper.from_array(np.array([2]), _AXIS))
    whole = halos[latent][1]
    trims = []
    for number, name in enumerate(places):
        halo, stride = halos[name]
        trims.append(Trim(whole // stride, halo))
        bounds = [start_name(number), end_name(number)]
        graph.input.extend(helper.make_tensor_value_info(bound, TensorProto.INT64, [1]) for bound in bounds)
        cut = helper.make_node("Slice", [name, *bounds, _AXIS], [f"{name}_trimmed"], name=f"{name}_trim")
        readers = [node for node in graph.node if name in node.input]
        for node in readers:
            for position, read in enumerate(node.input):
                if read == name:
                    node.input[position] = cut.output[0]
        maker = next(place for place, node in enumerate(graph.node) if name in node.output)
        graph.node.insert(maker + 1, cut)
    return result, tuple(trims)


def _narrow_places(wiring: Wiring, latent: str) -> list[str]:
    """Return the tensors through which the whole stage passes, before each upsampling and after each coupling."""
    output = wiring.graph.output[0].name
    felt = wiring.downstream(latent)
    places = []
    for node in wiring.in_order([output]):
        if node.op_type == "ConvTranspose":
            places.append(str(node.input[0]))
        elif node.op_type == "Concat" and node.output[0] != output:
            places.append(str(node.output[0]))
    return [
        name
        for name in dict.fromkeys(places)
        if name in felt and name != latent and latent not in wiring.upstream([output], stop=[name])
    ]


def _halos(wiring: Wiring) -> dict[str, tuple[int, int]]:
    """Return for each tensor the values needed on each side of a window, and the output's values for each of its own.

    Raises LookupError at a step whose reach is not known.
    """
    output = wiring.graph.output[0].name
    halos = {output: (0, 1)}
    for node in reversed(wiring.in_order([output])):
        made = [halos[name] for name in node.output if name in halos]
        halo, stride = max(made)
        halo, stride = _before(wiring, node, halo, stride)
        for name in node.input:
            if name and name not in wiring.constants:
                known = halos.get(name, (0, stride))
                halos[name] = (max(known[0], halo), stride)
    return halos


def _before(wiring: Wiring, node: NodeProto, halo: int, stride: int) -> tuple[int, int]:
    if node.op_type in _SAME_MOMENT:
        return halo, stride
    if node.op_type not in {"Conv", "ConvTranspose"} or node.input[1] not in wiring.constants:
        raise LookupError(node.op_type)
    kernel = wiring.constants[node.input[1]].dims[2]
    dilation, step = ((attribute(node, name) or [1])[0] for name in ("dilations", "strides"))
    pads = attribute(node, "pads") or [0, 0]
    span = (kernel - 1) * dilation
    if node.op_type == "Conv":
        if step != 1:
            raise LookupError("a convolution with strides")
        return halo + max(span - pads[0], span - pads[1]), stride
    return -(-(halo + max(pads[0], span - pads[0])) // step), stride * step
