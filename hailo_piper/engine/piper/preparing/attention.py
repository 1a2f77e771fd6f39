"""The rewritten attention computes relative positions in the band of near phonemes only.

VITS adds to its attention a term for the distance between two phonemes, but only up to a few phonemes each way (4 in
Piper; Shaw et al., Self-Attention with Relative Position Representations, 2018). The exported graph computes it for
every distance: tables padded to 2n - 1 rows, two extra products of n x (2n - 1), and reshapes that skew them. Here only
the band is computed, 2 * 4 + 1 columns a phoneme, and added to the scores, or read from the weights, by index.
"""

from dataclasses import dataclass
from math import sqrt
from typing import Any

import numpy as np
from onnx import GraphProto, NodeProto, TensorProto, helper, numpy_helper

from hailo_piper.engine.piper.preparing.wiring import Wiring, attribute, read_instead

TABLE_RANK = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Layer:
    """The parts of one attention layer."""

    source: str
    """The tensor that the layer reads."""
    result: str
    """The tensor that its last convolution reads."""
    parameters: tuple[tuple[np.ndarray, ...], ...]
    """(weight, bias) of the query, the key and the value."""
    key_table: np.ndarray
    value_table: np.ndarray
    """Both tables: [distance + reach, channel of a head]."""

    @property
    def heads(self) -> int:
        """The number of heads of the attention."""
        return int(self.parameters[0][0].shape[0] // self.key_table.shape[1])

    def agrees(self) -> bool:
        """Return whether all sizes are those of multi-head attention with relative positions."""
        rows, channels = self.key_table.shape
        width = self.heads * channels
        weight = self.parameters[0][0].shape
        return (
            self.value_table.shape == (rows, channels)
            and rows % 2 == 1
            and weight[0] == width
            and all(tuple(array.shape for array in way) == (weight, (width,)) for way in self.parameters)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Band:
    """Tensors that all layers of one shape share."""

    columns: str
    """int64 [1, heads, phonemes, rows]: the phoneme at each distance; beyond the ends, the nearest phoneme."""
    exists: str
    """float32 [phonemes, rows]: 1 where a phoneme stands at that distance, else 0."""


def narrow_attention(graph: GraphProto) -> int:
    """Rewrite every attention layer that is recognised; return their number."""
    wiring = Wiring(graph)
    found = [_layer(wiring, node) for node in graph.node if node.op_type == "Softmax"]
    layers = [layer for layer in found if layer is not None]
    writer = _Writer(graph)
    bands: dict[tuple[int, int], Band] = {}
    for layer in layers:
        shape = (layer.heads, layer.key_table.shape[0])
        if shape not in bands:
            bands[shape] = _write_band(writer, layer.source, *shape)
        read_instead(graph, layer.result, _write_layer(writer, layer, bands[shape]))
    return len(layers)


def _layer(wiring: Wiring, softmax: NodeProto) -> Layer | None:
    """Recognise softmax(query @ key + skew(query @ key_table)) @ value + unskew(the same softmax) @ value_table."""
    masked = wiring.producer(softmax.input[0], "Where")
    total = wiring.producer(masked.input[2] if masked is not None else softmax.input[0], "Add")
    output = _next_convolution(wiring, softmax.output[0])
    terms = total.input if total is not None else ()
    products = [node for name in terms if (node := wiring.producer(name, "MatMul")) is not None]
    skewed = [name for name in terms if wiring.producer(name, "MatMul") is None]
    if output is None or (len(products), len(skewed)) != (1, 1):
        return None
    (query, _), (key, _) = (_sources(wiring, name) for name in products[0].input)
    again, key_tables = _sources(wiring, skewed[0])
    values, value_tables = _sources(wiring, output.input[0])
    if [len(found) for found in (query, key, values, key_tables, value_tables)] != [1] * 5 or again != query:
        return None
    ways = [*query, *key, *values]
    if any(name not in wiring.constants for node in ways for name in node.input[1:]):
        return None
    if any(node.input[0] != ways[0].input[0] or attribute(node, "kernel_shape") != [1] for node in ways):
        return None
    layer = Layer(
        source=ways[0].input[0],
        result=output.input[0],
        parameters=tuple(tuple(wiring.array(name) for name in node.input[1:]) for node in ways),
        key_table=key_tables[0],
        value_table=value_tables[0],
    )
    return layer if layer.agrees() else None


def _sources(wiring: Wiring, name: str) -> tuple[list[NodeProto], list[np.ndarray]]:
    """Return the nearest convolutions upstream of a tensor, and the tables of distances on the way to them."""
    graph = wiring.graph
    edges = [node.output[0] for node in graph.node if node.op_type in {"Conv", "Shape", "Softmax"}]
    region = wiring.upstream([name], stop=edges)
    tables = [
        array[0]
        for tensor in sorted(region & wiring.constants.keys())
        if (array := wiring.array(tensor)).ndim == TABLE_RANK and len(array) == 1
    ]
    return [node for node in graph.node if node.op_type == "Conv" and node.output[0] in region], tables


def _next_convolution(wiring: Wiring, name: str) -> NodeProto | None:
    """Return the convolution that reads the weighted values; None where there is not exactly one."""
    while True:
        readers = [node for node in wiring.consumers.get(name, []) if node.op_type not in {"Shape", "Pad"}]
        if len(readers) != 1:
            return None
        if readers[0].op_type == "Conv":
            return readers[0]
        name = readers[0].output[0]


class _Writer:
    """A writer of nodes and constants, under names of its own, into a graph."""

    def __init__(self, graph: GraphProto) -> None:
        self.graph = graph
        self.count = 0

    def constant(self, value: object) -> str:
        array = np.asarray(value)
        name = self._name()
        self.graph.initializer.append(numpy_helper.from_array(np.ascontiguousarray(array), name))
        return name

    def node(self, operation: str, *inputs: str, **attributes: Any) -> str:
        return self.nodes(operation, *inputs, outputs=1, **attributes)[0]

    def nodes(self, operation: str, *inputs: str, outputs: int, **attributes: Any) -> list[str]:
        names = [self._name() for _ in range(outputs)]
        self.graph.node.append(helper.make_node(operation, inputs, names, name=names[0], **attributes))
        return names

    def _name(self) -> str:
        self.count += 1
        return f"band_{self.count}"


def _write_band(writer: _Writer, source: str, heads: int, rows: int) -> Band:
    reach = rows // 2
    zero, one = writer.constant(0), writer.constant(1)
    length = writer.node("Shape", source, start=2, end=3)
    count = writer.node("Squeeze", length, writer.constant([0]))
    places = writer.node("Unsqueeze", writer.node("Range", zero, count, one), writer.constant([1]))
    wanted = writer.node("Add", places, writer.constant([range(-reach, reach + 1)]))
    nearest = writer.node("Min", writer.node("Max", wanted, zero), writer.node("Sub", count, one))
    exists = writer.node("Cast", writer.node("Equal", wanted, nearest), to=TensorProto.FLOAT)
    shape = writer.node("Concat", writer.constant([1, heads]), length, writer.constant([rows]), axis=0)
    return Band(columns=writer.node("Expand", nearest, shape), exists=exists)


def _write_layer(writer: _Writer, layer: Layer, band: Band) -> str:
    """Write the layer without its last convolution; its first three become one, which scales the query, too."""
    channels = layer.key_table.shape[1]
    width = layer.heads * channels
    scale = np.repeat(np.array([1 / sqrt(channels), 1, 1], np.float32), width)
    weights, biases = (np.concatenate(arrays) for arrays in zip(*layer.parameters, strict=True))
    weight, bias = writer.constant(weights * scale[:, None, None]), writer.constant(biases * scale)
    joined = writer.node("Conv", layer.source, weight, bias, kernel_shape=[1])
    parts = writer.nodes("Split", joined, writer.constant([width] * 3), outputs=3, axis=1)
    by_head = writer.constant([1, layer.heads, channels, -1])
    query, key, value = (writer.node("Reshape", part, by_head) for part in parts)
    query, value = (writer.node("Transpose", part, perm=[0, 1, 3, 2]) for part in (query, value))

    near = writer.node("MatMul", query, writer.constant(layer.key_table.T[None, None]))
    near = writer.node("Mul", near, band.exists)
    scores = writer.node("MatMul", query, key)
    scores = writer.node("ScatterElements", scores, band.columns, near, axis=3, reduction="add")
    shares = writer.node("Softmax", scores, axis=3)
    near = writer.node("Mul", writer.node("GatherElements", shares, band.columns, axis=3), band.exists)
    near = writer.node("MatMul", near, writer.constant(layer.value_table[None, None]))
    result = writer.node("Add", writer.node("MatMul", shares, value), near)
    result = writer.node("Transpose", result, perm=[0, 1, 3, 2])
    return writer.node("Reshape", result, writer.constant([1, width, -1]))
