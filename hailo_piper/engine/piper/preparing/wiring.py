"""A Wiring knows the producer and the consumers of each tensor of an ONNX graph."""

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from onnx import GraphProto, ModelProto, NodeProto, TensorProto, ValueInfoProto, helper, numpy_helper

RANDOM_OPERATIONS = frozenset({"RandomNormal", "RandomNormalLike", "RandomUniform", "RandomUniformLike"})


class Wiring:
    """A view of a graph as it was when the view was made; after a change to the graph, make another."""

    def __init__(self, graph: GraphProto) -> None:
        self.graph = graph
        self.constants = {tensor.name: tensor for tensor in graph.initializer}
        self.producers = {name: node for node in graph.node for name in node.output if name}
        self.consumers: dict[str, list[NodeProto]] = {}
        for node in graph.node:
            for name in dict.fromkeys(filter(None, node.input)):
                self.consumers.setdefault(name, []).append(node)

    def producer(self, name: str, *operations: str) -> NodeProto | None:
        """Return the node that makes this tensor, if it is one of these operations."""
        node = self.producers.get(name)
        return node if node is not None and node.op_type in operations else None

    def array(self, name: str) -> np.ndarray:
        """Return the value of a constant."""
        return numpy_helper.to_array(self.constants[name])

    def upstream(self, names: Iterable[str], stop: Iterable[str] = ()) -> set[str]:
        """Return these tensors and all that they are made from, back to the tensors in `stop`."""
        seen: set[str] = set()
        waiting, stop = list(names), frozenset(stop)
        while waiting:
            name = waiting.pop()
            if name in seen or not name:
                continue
            seen.add(name)
            if name not in stop and name in self.producers:
                waiting.extend(self.producers[name].input)
        return seen

    def downstream(self, name: str) -> set[str]:
        """Return the tensor and all that is made from it."""
        seen: set[str] = set()
        waiting = [name]
        while waiting:
            name = waiting.pop()
            if name not in seen:
                seen.add(name)
                for node in self.consumers.get(name, ()):
                    waiting.extend(filter(None, node.output))
        return seen

    def walk_back(self, name: str, *operations: str) -> str:
        """Return the first tensor that is not made by these operations, going back through their first inputs."""
        while (node := self.producer(name, *operations)) is not None:
            name = str(node.input[0])
        return name

    def sources(self, name: str) -> set[str]:
        """Return the model's inputs and the noise that this tensor depends on; none for a constant."""
        inputs = {value.name for value in self.graph.input} - self.constants.keys()
        return {
            tensor
            for tensor in self.upstream([name])
            if tensor in inputs or self.producer(tensor, *RANDOM_OPERATIONS) is not None
        }

    def in_order(self, outputs: Iterable[str], stop: Iterable[str] = ()) -> list[NodeProto]:
        """Return the nodes that the outputs need, in topological order."""
        stop = frozenset(stop)
        ordered: list[NodeProto] = []
        placed: set[str] = set(stop)
        waiting = [(name, False) for name in outputs]
        while waiting:
            name, ready = waiting.pop()
            node = self.producers.get(name)
            if node is None or name in placed:
                continue
            if ready:
                ordered.append(node)
                placed.update(node.output)
            else:
                waiting.append((name, True))
                waiting.extend((source, False) for source in node.input if source and source not in placed)
        return ordered


def stage(model: ModelProto, inputs: Sequence[ValueInfoProto], outputs: Sequence[ValueInfoProto]) -> ModelProto:
    """Return a model of its own that makes these outputs from these inputs."""
    wiring = Wiring(model.graph)
    nodes = wiring.in_order([value.name for value in outputs], stop=[value.name for value in inputs])
    read = {name for node in nodes for name in node.input}
    constants = [tensor for tensor in model.graph.initializer if tensor.name in read]
    graph = helper.make_graph(nodes, "stage", inputs, outputs, initializer=constants)
    return helper.make_model(graph, opset_imports=model.opset_import, ir_version=model.ir_version)


def pruned(model: ModelProto) -> ModelProto:
    """Return the model without the parts that its outputs do not need."""
    return stage(model, model.graph.input, model.graph.output)


def inline_constants(graph: GraphProto) -> None:
    """Turn Constant nodes into initializers, so that only one kind of constant must be recognised."""
    kept = []
    for node in graph.node:
        value = next((item.t for item in node.attribute if item.name == "value"), None)
        if node.op_type != "Constant" or value is None:
            kept.append(node)
            continue
        tensor = TensorProto()
        tensor.CopyFrom(value)
        tensor.name = node.output[0]
        graph.initializer.append(tensor)
    del graph.node[:]
    graph.node.extend(kept)


def rename(graph: GraphProto, names: dict[str, str]) -> None:
    """Rename tensors; another that already has one of the new names gets a name of its own."""
    names = names | {taken: f"{taken}_before" for taken in names.values() if taken not in names}
    for node in graph.node:
        for fields in (node.input, node.output):
            for position, name in enumerate(fields):
                fields[position] = names.get(name, name)
    for values in (graph.initializer, graph.input, graph.output):
        for value in values:
            value.name = names.get(value.name, value.name)


def read_instead(graph: GraphProto, old: str, new: str) -> None:
    """Make every reader of the tensor `old` read `new`."""
    for node in graph.node:
        for position, name in enumerate(node.input):
            if name == old:
                node.input[position] = new


def insert_behind(graph: GraphProto, name: str, *nodes: NodeProto) -> None:
    """Put nodes, in order, behind the one that makes a tensor."""
    maker = next(place for place, node in enumerate(graph.node) if name in node.output)
    for place, node in enumerate(nodes, maker + 1):
        graph.node.insert(place, node)


def attribute(node: NodeProto, name: str) -> Any:
    """Return an attribute's value; None where it is left at its default."""
    return next((helper.get_attribute_value(item) for item in node.attribute if item.name == name), None)
