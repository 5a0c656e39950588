"""A network or a table that cannot be meant is refused at the start, with its file and the reason."""

from pathlib import Path

import pytest
from onnx import TensorProto, helper, save_model
from pydantic import ValidationError

from tests.video.tiny_network import CLASSES, SQUARE, write_network
from video.onnx_detector import DetectorSettings, UnusableNetworkError, load
from video.yolo import Layout


def settings(model: Path, **said: object) -> DetectorSettings:
    table = {"model": model, "width": SQUARE.width, "height": SQUARE.height, "classes": CLASSES, "vehicles": [1, 2]}
    return DetectorSettings.model_validate(table | said)


def refusal(model: Path, **said: object) -> str:
    with pytest.raises(UnusableNetworkError) as refused:
        load(settings(model, **said))
    assert str(refused.value).startswith(f"{model}: ")
    return str(refused.value).removeprefix(f"{model}: ")


def test_a_file_that_is_not_there_or_not_a_file(tmp_path: Path) -> None:
    assert refusal(tmp_path / "missing.onnx") == "No such file or directory"
    assert refusal(tmp_path) == "Is a directory"


@pytest.mark.parametrize("content", [b"", b"no network", b"\x08\x08", bytes(1000)])
def test_a_file_that_holds_no_network(content: bytes, tmp_path: Path) -> None:
    model = tmp_path / "model.onnx"
    model.write_bytes(content)
    assert refusal(model).startswith("OpenCV cannot run it")


def test_a_network_cut_off_on_its_way(tmp_path: Path) -> None:
    model = write_network(tmp_path / "model.onnx", Layout.YOLOV8)
    model.write_bytes(model.read_bytes()[:-200])
    assert refusal(model).startswith("OpenCV cannot run it")


def test_an_input_of_another_size_than_the_network_was_made_for(tmp_path: Path) -> None:
    model = write_network(tmp_path / "model.onnx", Layout.YOLOV8)
    assert refusal(model, width=640).startswith("OpenCV cannot run it with an input of 640 x 320: ")


@pytest.mark.parametrize("layout", [Layout.YOLOV8, Layout.YOLOV5])
def test_a_network_of_another_number_of_classes(layout: Layout, tmp_path: Path) -> None:
    reason = refusal(write_network(tmp_path / "model.onnx", layout), classes=80)
    assert "for 80 classes [1, 84, N] (yolov8) or [1, N, 85] (yolov5, yolox) can be read" in reason


def test_a_network_that_has_chosen_among_its_boxes_already(tmp_path: Path) -> None:
    assert "its output is [1, 300, 6]" in refusal(constant_network(tmp_path, [1, 300, 6]))


def test_a_network_that_tells_of_more_than_boxes(tmp_path: Path) -> None:
    model = constant_network(tmp_path, [1, 7, 2100], [1, 32, 80, 80])
    assert refusal(model) == "it has 2 outputs; a detector of boxes, and of nothing else, has one"


def test_of_two_dialects_with_one_shape_the_settings_must_say_which(tmp_path: Path) -> None:
    model = write_network(tmp_path / "model.onnx", Layout.YOLOX)
    assert refusal(model) == "its output [1, 2100, 8] is that of yolox and of yolox_decoded: layout must say which"


def test_another_dialect_than_the_one_that_is_said(tmp_path: Path) -> None:
    reason = refusal(write_network(tmp_path / "model.onnx", Layout.YOLOV5), layout="yolox")
    assert reason == "its output [1, 6300, 8] is that of yolov5, not of yolox"


@pytest.mark.parametrize(
    "said",
    [
        {"width": 100},
        {"confidence": 1},
        {"layout": "ssd"},
        {"people": [-1]},
        {"people": [80]},
        {"people": [2]},
        {"people": [], "vehicles": []},
        {"classes": 1},
        {"every_seconds": 0},
        {"modle": "x"},
    ],
)
def test_a_table_that_cannot_be_meant(said: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        DetectorSettings.model_validate({"model": "model.onnx"} | said)


def test_a_table_needs_no_more_than_a_model_and_then_watches_all_cameras() -> None:
    assert DetectorSettings(model=Path("model.onnx")).watches("cam-01")
    chosen = DetectorSettings(model=Path("model.onnx"), cameras=frozenset({"cam-02"}))
    assert [chosen.watches("cam-01"), chosen.watches("cam-02")] == [False, True]


def constant_network(folder: Path, *shapes: list[int]) -> Path:
    """Says the same to each picture: as many outputs as there are shapes."""
    nodes, outputs = [], []
    for number, shape in enumerate(shapes):
        length = 1
        for extent in shape:
            length *= extent
        values = helper.make_tensor(f"values{number}", TensorProto.FLOAT, shape, [0.0] * length)
        nodes += [
            helper.make_node("Constant", [], [f"constant{number}"], value=values),
            helper.make_node("ReduceMean", ["input"], [f"mean{number}"], axes=[1, 2, 3], keepdims=0),
            helper.make_node("Add", [f"constant{number}", f"mean{number}"], [f"output{number}"]),
        ]
        outputs.append(helper.make_tensor_value_info(f"output{number}", TensorProto.FLOAT, shape))
    image = helper.make_tensor_value_info("input", TensorProto.FLOAT, [1, 3, SQUARE.height, SQUARE.width])
    graph = helper.make_graph(nodes, "constant", [image], outputs)
    path = folder / "constant.onnx"
    save_model(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 12)], ir_version=8), path)
    return path
