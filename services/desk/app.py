"""The desk's web application, from its parts; starts nothing and listens nowhere."""

from importlib import metadata
from pathlib import Path
from typing import Final

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException as StarletteHTTPException
from starlette.middleware.gzip import GZipMiddleware
from starlette.responses import JSONResponse, Response
from starlette.staticfiles import StaticFiles

from services.desk import api, pages, writes
from services.desk.desk import Desk
from services.desk.gate import Gate

STATIC: Final = Path(__file__).parent / "static"


def make_app(desk: Desk) -> FastAPI:
    """Return the application of that desk."""
    app = FastAPI(
        title="Parley's desk",
        version=metadata.version("parley"),
        description="Who stands where on a negotiated end to the war, who moved, and why. Every time is in UTC.",
        openapi_url="/api/openapi.json",
        # Both pages of documentation load scripts from other hosts.
        docs_url=None,
        redoc_url=None,
    )
    app.state.desk = desk
    app.include_router(api.router)
    app.include_router(pages.router)
    app.include_router(writes.router)
    app.mount("/static", StaticFiles(directory=STATIC), name="static")
    app.add_exception_handler(StarletteHTTPException, _tell)
    app.add_exception_handler(RequestValidationError, _tell_invalid)
    app.add_middleware(GZipMiddleware, minimum_size=1000)
    app.add_middleware(Gate, access=desk.access)
    return app


async def _tell(request: Request, error: Exception) -> Response:
    assert isinstance(error, StarletteHTTPException)  # noqa: S101  That is what it is registered for.
    if _for_people(request):
        return pages.page(request, "problem.html", error.status_code, detail=str(error.detail))
    return JSONResponse({"detail": error.detail}, error.status_code, headers=dict(error.headers or {}))


async def _tell_invalid(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)  # noqa: S101
    if _for_people(request):
        return pages.page(request, "problem.html", 422, detail="the address or the form cannot be read")
    problems = [{"loc": one["loc"], "msg": one["msg"], "type": one["type"]} for one in error.errors()]
    return JSONResponse({"detail": problems}, 422)


def _for_people(request: Request) -> bool:
    return not request.url.path.startswith("/api/") and "text/html" in request.headers.get("accept", "")
