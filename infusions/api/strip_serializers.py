"""What the API shows of the readiness strip."""

from typing import Any

from rest_framework import serializers

from infusions.strip import Found


class PointSerializer(serializers.Serializer[Any]):
    """One thing that is recorded before a start; `detail` is what was written, or what is wanting."""

    name = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]  # hides an attribute that only the constructor sets
    found = serializers.ChoiceField([found.value for found in Found])
    detail = serializers.CharField(allow_blank=True)


class ReadinessSerializer(serializers.Serializer[Any]):
    """The points in the order in which they come up, and how many are not recorded."""

    points = PointSerializer(many=True)
    missing = serializers.IntegerField()
