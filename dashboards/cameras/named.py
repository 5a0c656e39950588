"""The camera that a path names."""

from dashboards.cameras import queries
from dashboards.centre import Centre
from dashboards.problem import Problem


async def name_of(centre: Centre, camera: str) -> str:
    """The camera's name. Raises Problem where none has this id; an id that passed here is safe as a folder's name."""
    row = await centre.row(queries.CAMERA, {"id": camera})
    if row is None:
        raise Problem(404, ("Tidak ada kamera dengan id ini.", "No camera has this id."))
    name: str = row["name"]
    return name
