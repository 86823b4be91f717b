"""Files that leave the desk: to be saved, never to be shown inside a page of ours."""

from django.http import HttpResponse


def download(content: bytes, *, media_type: str, name: str) -> HttpResponse:
    """An answer that browsers save under `name`, which tells nothing about a person; they do not guess its type."""
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "X-Content-Type-Options": "nosniff"}
    return HttpResponse(content, content_type=media_type, headers=headers)
