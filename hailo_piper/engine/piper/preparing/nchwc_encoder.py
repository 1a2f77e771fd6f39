"""Makes the convolutions that are most of an encoder's work faster, with the same result.

Two of them stand in each block, with but a Relu between: these go to the layout of `rows`. What is around them is not
of its kind, and would have to be laid out over again.
"""

from onnx import ModelProto, NodeProto, helper, numpy_helper

from hailo_piper.engine.piper.preparing.nchwc import ROW_AXIS, UNKNOWN, is_faster_here, row_convolution
from hailo_piper.engine.piper.preparing.optimise import tidied
from hailo_piper.engine.piper.preparing.wiring import Wiring, pruned


def with_rows(encoder: ModelProto) -> ModelProto | None:
    """A faster encoder, or None where it would not be: on another CPU, or with no such pair."""
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
    """The Conv, Relu and Conv that begin here, if they do, and nobody else reads what is between."""
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
