"""What machines ask: is the process alive, and is it of use."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe

from lib import health
from lib.health import Reading


@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """Say that this process answers; it asks nothing and nobody."""
    return HttpResponse("ok\n", content_type="text/plain", headers={"Cache-Control": "no-store"})


@require_safe
def readyz(request: HttpRequest) -> JsonResponse:
    """Report every check; only the loss of something essential makes it 503, the rest is degraded with 200."""
    readings = health.read()
    status = _status(readings)
    report = {"status": status, "checks": {name: _line(reading) for name, reading in readings.items()}}
    code = 503 if status == "down" else 200
    return JsonResponse(report, status=code, headers={"Cache-Control": "no-store"})


def _status(readings: dict[str, Reading]) -> str:
    failed = [reading for reading in readings.values() if not reading.ok]
    if any(reading.essential for reading in failed):
        return "down"
    return "degraded" if failed else "ok"


def _line(reading: Reading) -> dict[str, object]:
    return {"ok": reading.ok, **reading.figures}
