"""The network that counts people and vehicles, where [video.detector] names one."""

from deploy.refused import RefusedError
from deploy.settings import Settings
from video import onnx_detector
from video.detection import Detector


def detector(settings: Settings) -> Detector | None:
    """The operator's network, if there is one. Raises RefusedError."""
    wanted = settings.city.video.detector
    try:
        return onnx_detector.load(wanted) if wanted else None
    except onnx_detector.UnusableNetworkError as unusable:
        raise RefusedError([f"{settings.config}: [video.detector] model: {unusable}"]) from unusable
