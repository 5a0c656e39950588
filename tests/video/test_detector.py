"""Real networks, run by OpenCV, on pictures in which a coloured square is what they look for."""

import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from tests.video.tiny_network import CLASSES, SQUARE, write_network
from video.detection import Box, Detection, Label
from video.frame import Picture
from video.letterbox import Size
from video.onnx_detector import DetectorSettings, OnnxDetector, load
from video.yolo import Layout

# Which exporter's dialects tell themselves by their shape, and which must be said.
SAID = {Layout.YOLOX: Layout.YOLOX, Layout.YOLOX_DECODED: Layout.YOLOX_DECODED}
RED, GREEN, BLUE = (0, 0, 255), (0, 255, 0), (255, 0, 0)


def settings(model: Path, size: Size = SQUARE, **said: object) -> DetectorSettings:
    """People are red, vehicles green and blue."""
    table = {"model": model, "width": size.width, "height": size.height, "classes": CLASSES, "vehicles": [1, 2]}
    return DetectorSettings.model_validate(table | said)


@pytest.fixture
def detector(tmp_path: Path) -> OnnxDetector:
    return load(settings(write_network(tmp_path / "squares.onnx", Layout.YOLOV8)))


def scene(*squares: tuple[slice, slice, tuple[int, int, int]], width: int = 1280, height: int = 720) -> Picture:
    """Black, with coloured squares at the given rows and columns."""
    picture = np.zeros((height, width, 3), np.uint8)
    for rows, columns, colour in squares:
        picture[rows, columns] = colour
    return picture


# 1280 x 720 lies in an input of 320 x 320 as 320 x 180, 70 below the top where it is centred, or at the top. These are
# the pixels of the picture under whole cells of 32, the one in column 5 and row 3, and the one right of it.
CENTRED = (slice((96 - 70) * 4, (128 - 70) * 4), slice(640, 768))
RIGHT_OF_IT = (CENTRED[0], slice(768, 896))
AT_TOP_LEFT = (slice(96 * 4, 128 * 4), slice(640, 768))


def box_of(rows: slice, columns: slice) -> Box:
    return Box(
        left=columns.start / 1280,
        top=rows.start / 720,
        width=(columns.stop - columns.start) / 1280,
        height=(rows.stop - rows.start) / 720,
    )


def nearly(box: Box) -> tuple[object, ...]:
    return tuple(pytest.approx(value, abs=1e-4) for value in (box.left, box.top, box.width, box.height))


def corners(detection: Detection) -> tuple[float, ...]:
    return (detection.box.left, detection.box.top, detection.box.width, detection.box.height)


@pytest.mark.parametrize(
    ("layout", "square"),
    [
        (Layout.YOLOV8, CENTRED),
        (Layout.YOLOV5, CENTRED),
        (Layout.YOLOX, AT_TOP_LEFT),
        (Layout.YOLOX_DECODED, AT_TOP_LEFT),
    ],
)
def test_in_each_dialect_a_square_is_found_where_it_is_and_as_what_it_is(
    layout: Layout, square: tuple[slice, slice], tmp_path: Path
) -> None:
    model = write_network(tmp_path / "squares.onnx", layout)
    detector = load(settings(model, layout=SAID.get(layout)))
    for colour, label in ((RED, Label.PERSON), (GREEN, Label.VEHICLE), (BLUE, Label.VEHICLE)):
        [detection] = detector.detect(scene((*square, colour))) or []
        assert detection.label is label
        assert detection.confidence == pytest.approx(1, abs=0.01)
        assert corners(detection) == nearly(box_of(*square))


def test_nothing_in_the_picture_is_an_empty_list(detector: OnnxDetector) -> None:
    assert detector.detect(scene()) == []


def test_an_input_that_is_not_square_takes_the_picture_as_well(tmp_path: Path) -> None:
    size = Size(640, 384)  # 640 x 360 of it, 12 below the top
    detector = load(settings(write_network(tmp_path / "wide.onnx", Layout.YOLOV8, size), size))
    rows, columns = slice((96 - 12) * 2, (128 - 12) * 2), slice(640, 704)
    [detection] = detector.detect(scene((rows, columns, RED))) or []
    assert corners(detection) == nearly(box_of(rows, columns))


def test_a_box_that_reaches_out_of_the_picture_ends_at_its_edge(tmp_path: Path) -> None:
    detector = load(settings(write_network(tmp_path / "large.onnx", Layout.YOLOV8, reach=20)))
    [detection] = detector.detect(scene((*CENTRED, RED))) or []
    assert detection.box == Box(left=0, top=0, width=1, height=1)


def test_what_is_fainter_than_the_confidence_is_left_out(tmp_path: Path) -> None:
    model = write_network(tmp_path / "squares.onnx", Layout.YOLOV8)
    faint = scene((*CENTRED, (0, 0, 128)))
    assert len(load(settings(model, confidence=0.49)).detect(faint) or []) == 1
    assert load(settings(model, confidence=0.51)).detect(faint) == []


def test_where_there_is_an_objectness_it_counts(tmp_path: Path) -> None:
    model = write_network(tmp_path / "doubtful.onnx", Layout.YOLOV5, objectness=0.5)
    picture = scene((*CENTRED, RED))
    [detection] = load(settings(model, confidence=0.49)).detect(picture) or []
    assert detection.confidence == pytest.approx(0.5, abs=0.01)
    assert load(settings(model, confidence=0.51)).detect(picture) == []


def test_two_boxes_of_one_thing_are_one_and_beyond_the_overlap_they_are_two(tmp_path: Path) -> None:
    model = write_network(tmp_path / "large.onnx", Layout.YOLOV8, reach=4)  # 3 of 5 cells in common
    side_by_side = scene((*CENTRED, RED), (*RIGHT_OF_IT, RED))
    assert len(load(settings(model, overlap=0.55)).detect(side_by_side) or []) == 1
    assert len(load(settings(model, overlap=0.65)).detect(side_by_side) or []) == 2


def test_a_vehicle_told_as_two_classes_is_one_but_a_rider_on_it_is_a_person(tmp_path: Path) -> None:
    detector = load(settings(write_network(tmp_path / "large.onnx", Layout.YOLOV8, reach=4)))
    pick_up = scene((*CENTRED, GREEN), (*RIGHT_OF_IT, BLUE))
    assert [detection.label for detection in detector.detect(pick_up) or []] == [Label.VEHICLE]
    ridden = scene((*CENTRED, GREEN), (*RIGHT_OF_IT, RED))
    assert {detection.label for detection in detector.detect(ridden) or []} == {Label.PERSON, Label.VEHICLE}


def test_the_surest_comes_first(detector: OnnxDetector) -> None:
    found = detector.detect(scene((*CENTRED, (0, 0, 150)), (*RIGHT_OF_IT, (0, 250, 0)))) or []
    assert [detection.label for detection in found] == [Label.VEHICLE, Label.PERSON]


def test_classes_that_are_neither_people_nor_vehicles_are_left_out(tmp_path: Path) -> None:
    model = write_network(tmp_path / "squares.onnx", Layout.YOLOV8)
    detector = load(settings(model, people=[], vehicles=[2]))
    assert detector.detect(scene((*CENTRED, RED), (*RIGHT_OF_IT, GREEN))) == []


@pytest.mark.parametrize(("width", "height"), [(1, 1), (3, 2000), (2000, 3), (352, 288), (720, 1280)])
def test_a_picture_of_any_shape_can_be_looked_at(detector: OnnxDetector, width: int, height: int) -> None:
    assert detector.detect(scene(width=width, height=height)) == []


def test_while_the_network_is_taken_for_longer_than_one_waits_a_look_is_none(tmp_path: Path) -> None:
    model = write_network(tmp_path / "squares.onnx", Layout.YOLOV8)
    detector = load(settings(model, wait_seconds=0))
    picture = scene((*CENTRED, RED))
    with detector._free:
        assert detector.detect(picture) is None
    assert len(detector.detect(picture) or []) == 1


def test_cameras_that_share_a_network_never_get_what_another_one_sees(tmp_path: Path) -> None:
    detector = load(settings(write_network(tmp_path / "squares.onnx", Layout.YOLOV8), wait_seconds=10))

    def looks(colour: tuple[int, int, int]) -> set[Label]:
        together.wait()
        seen = [detector.detect(scene((*CENTRED, colour))) or [] for _ in range(20)]
        return {detection.label for found in seen for detection in found}

    together = threading.Barrier(4)
    with ThreadPoolExecutor(4) as cameras:
        seen = list(cameras.map(looks, (RED, GREEN, RED, BLUE)))
    assert seen == [{Label.PERSON}, {Label.VEHICLE}, {Label.PERSON}, {Label.VEHICLE}]
