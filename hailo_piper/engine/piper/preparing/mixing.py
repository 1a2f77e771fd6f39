"""The encoder gets weights for its speakers: their rows of the embedding table are mixed into one.

A voice of many speakers reads one row of a table, by `sid`. Here `sid` may name several, and the weighted sum of their
rows stands in place of the row. One speaker of weight 1 has its own row, to the bit.
"""

from onnx import ModelProto, NodeProto, TensorProto, helper

from hailo_piper.engine.piper.preparing.wiring import Wiring, attribute, pruned

SPEAKER_INPUT, WEIGHTS_INPUT = "sid", "sid_weights"
_TABLE_RANK = 2
_SPEAKERS = "speakers"


def mixing(encoder: ModelProto) -> ModelProto:
    """Return the encoder with an input `sid_weights` (float32 [1, speakers]) beside `sid` (int64 [speakers]).

    The same encoder, if it has no `sid`, or if something else than a table reads that.
    """
    inputs = {value.name: value for value in encoder.graph.input}
    wiring = Wiring(encoder.graph)
    readers = wiring.consumers.get(SPEAKER_INPUT, [])
    if SPEAKER_INPUT not in inputs or not all(_reads_rows(wiring, node) for node in readers):
        return encoder
    result = ModelProto()
    result.CopyFrom(encoder)
    for node in [node for node in result.graph.node if SPEAKER_INPUT in node.input]:
        row = node.output[0]
        node.output[0] = f"{row}_of_each"
        result.graph.node.append(helper.make_node("MatMul", [WEIGHTS_INPUT, node.output[0]], [row], name=f"{row}_mix"))
    for value in result.graph.input:
        if value.name == SPEAKER_INPUT:
            value.CopyFrom(helper.make_tensor_value_info(SPEAKER_INPUT, TensorProto.INT64, [_SPEAKERS]))
    result.graph.input.append(helper.make_tensor_value_info(WEIGHTS_INPUT, TensorProto.FLOAT, [1, _SPEAKERS]))
    return pruned(result)


def _reads_rows(wiring: Wiring, node: NodeProto) -> bool:
    """Return whether a node looks the speakers' rows up in a table of numbers."""
    table = wiring.constants.get(node.input[0])
    return (
        node.op_type == "Gather"
        and not attribute(node, "axis")
        and node.input[1] == SPEAKER_INPUT
        and table is not None
        and len(table.dims) == _TABLE_RANK
        and table.data_type == TensorProto.FLOAT
    )
