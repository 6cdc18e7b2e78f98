"""Lifecycle rules in S3's own spelling."""

import pytest

from local.fixups import lifecycle_rule


def test_an_expiration_with_a_prefix() -> None:
    rule = {"Id": "a", "Status": "Enabled", "Prefix": "inbox/", "ExpirationInDays": "7"}
    assert lifecycle_rule(rule) == {
        "ID": "a", "Status": "Enabled", "Filter": {"Prefix": "inbox/"}, "Expiration": {"Days": 7},
    }  # fmt: skip


def test_unfinished_uploads() -> None:
    rule = {"Id": "a", "Status": "Enabled", "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 1}}
    assert lifecycle_rule(rule)["AbortIncompleteMultipartUpload"] == {"DaysAfterInitiation": 1}


def test_a_property_that_is_not_known_does_not_get_lost() -> None:
    with pytest.raises(NotImplementedError, match="Transitions"):
        lifecycle_rule({"Id": "a", "Status": "Enabled", "Transitions": []})
