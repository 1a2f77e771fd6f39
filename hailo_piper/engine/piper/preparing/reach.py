"""The reach of a part of a stage is how many columns it reads on each side."""

from onnx import NodeProto

from hailo_piper.engine.piper.preparing.wiring import Wiring, attribute

_SAME_MOMENT = frozenset({
    "Add", "Concat", "Div", "Exp", "Identity", "LeakyRelu", "Mul", "Neg", "Relu", "Sigmoid", "Slice", "Split", "Sub",
    "Tanh", "Unsqueeze",
})  # fmt: skip
"""Operations whose every value depends on inputs of the same moment alone.

Slices and splits are assumed to be of channels; the comparison with the whole graph would show others.
"""


def narrow_places(wiring: Wiring, latent: str) -> list[str]:
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


def halos(wiring: Wiring, output: str, source: str) -> dict[str, tuple[int, int]]:
    """Return for each tensor between the two the values needed on each side, and the output's values for each of them.

    Raises LookupError at a step whose reach is not known.
    """
    found = {output: (0, 1)}
    felt = wiring.downstream(source)
    for node in reversed(wiring.in_order([output], stop=[source])):
        made = [found[name] for name in node.output if name in found]
        if not made or felt.isdisjoint(node.input):
            continue
        halo, stride = _before(wiring, node, *max(made))
        for name in node.input:
            if name in felt:
                known = found.get(name, (0, stride))
                found[name] = (max(known[0], halo), stride)
    return found


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
