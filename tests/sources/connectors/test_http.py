"""Asking with patience, and without any for a person who waits."""

import requests

from sources.connectors.http import HASTY_TIMEOUT, TIMEOUT, HastyHttp, Http


class Session:
    """Answers at once, and tells how long it was allowed to take."""

    def request(self, method, url, **kwargs):
        self.timeout = kwargs["timeout"]
        response = requests.Response()
        response.status_code, response._content = 200, b"{}"
        return response


def test_a_person_who_waits_before_a_page_waits_no_minutes():
    patient, hasty = Session(), Session()
    Http(patient, lambda response: None, lambda seconds: None).get("https://example.org")
    HastyHttp(hasty, lambda response: None).get("https://example.org")
    assert (patient.timeout, hasty.timeout) == (TIMEOUT, HASTY_TIMEOUT)
    assert sum(hasty.timeout) <= 25  # less than the 30 seconds after which a web server ends a request
