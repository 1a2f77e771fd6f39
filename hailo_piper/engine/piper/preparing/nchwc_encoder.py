"""Pairs of convolutions, most of an encoder's work, move to the NCHWc layout, with the same result.

Each block has two of them with only a Relu between. The nodes around a pair do not know that layout (see `nchwc`), so
more of the block in it would only add copies from one layout to the other.
"""

from onnx import ModelProto, NodeProto, helper, numpy_helper

from hailo_piper.engine.piper.preparing.nchwc import ROW_AXIS, UNKNOWN, is_faster_here, row_convolution
from hailo_piper.engine.piper.preparing.optimise import tidied
from hailo_piper.engine.piper.preparing.wiring import Wiring, pruned


def with_rows(encoder: ModelProto) -> ModelProto | None:
    """Return a faster encoder, or None on a CPU without such convolutions, or where no such pair is found."""
    if not is_faster_here():
        return None
    try:
        result = tidied(encoder)
        wiring = Wiring(result.graph)
        nodes, replaced = list[NodeProto](), set[str]()
        for node in result.graph.node:
            if pair := _pair(wiring, node):
                nodes += _in_rows(wiring, *pair)
                replaced.update(part.output[0] for part in pair)
            elif node.output[0] not in replaced:
                nodes.append(node)
    except UNKNOWN:
        return None
    if not replaced:
        return None
    del result.graph.node[:]
    result.graph.node.extend(nodes)
    result.graph.initializer.append(numpy_helper.from_array(ROW_AXIS, "row_axis"))
    return pruned(result)


def _pair(wiring: Wiring, first: NodeProto) -> list[NodeProto]:
    """Return the Conv, Relu and Conv that begin here, if no other node reads what is between them; else nothing."""
    pair = [first]
    for operation in ("Relu", "Conv"):
        readers = wiring.consumers.get(pair[-1].output[0], [])
        if [node.op_type for node in readers] != [operation]:
            return []
        pair += readers
    known = all(node.op_type == "Conv" and set(node.input[1:]) <= wiring.constants.keys() for node in pair[::2])
    return pair if known else []


def _in_rows(wiring: Wiring, first: NodeProto, relu: NodeProto, last: NodeProto) -> list[NodeProto]:
    row, turned = f"{first.output[0]}_row", f"{last.output[0]}_row"
    convolutions = []
    for node, source, output in ((first, row, first.output[0]), (last, relu.output[0], turned)):
        weight = wiring.array(node.input[1])
        name = f"{node.input[1]}_row"
        wiring.graph.initializer.append(numpy_helper.from_array(weight[:, :, None, :], name))
        convolutions.append(row_convolution(node, weight.shape[2], [source, name, *node.input[2:]], output))
    return [
        helper.make_node("Unsqueeze", [first.input[0], "row_axis"], [row], name=row),
        convolutions[0],
        relu,
        convolutions[1],
        helper.make_node("Squeeze", [turned, "row_axis"], [last.output[0]], name=last.output[0]),
    ]
