"""Packs orders, sends confirmations and makes thumbnails. Takes its jobs from the API, logs with the standard module."""

import json
import logging
import os
import random
import signal
import sys
import time
import urllib.request

SHOP_URL = os.environ.get("SHOP_URL", "http://127.0.0.1:7431")

logging.basicConfig(
    level=logging.DEBUG,
    stream=sys.stdout,
    format="%(asctime)s %(levelname)s %(name)s: %(message)s",
)
log = logging.getLogger("shop.worker")
packing = logging.getLogger("shop.worker.packing")
mail = logging.getLogger("shop.worker.mail")
images = logging.getLogger("shop.worker.images")

SHELVES = {
    "kettle-01": "A3",
    "mug-07": "A1",
    "board-03": "B2",
    "apron-02": "C4",
    "lamp-11": "D1",
    "candle-05": "B5",
    "basket-04": "C1",
}


class OutOfPaper(Exception):
    """The label printer needs somebody to come by."""


def next_job():
    request = urllib.request.Request(f"{SHOP_URL}/jobs/next", method="POST", data=b"")
    with urllib.request.urlopen(request, timeout=5) as response:
        return json.load(response) if response.status == 200 else None


def print_label(job):
    if random.random() < 0.03:
        raise OutOfPaper(f"no label for {job['order']}: tray 2 is empty")
    packing.debug("label of %s printed", job["order"])


def pack(job):
    began = time.monotonic()
    shelf = SHELVES[job["sku"]]
    packing.debug("fetching %d × %s from shelf %s", job["quantity"], job["sku"], shelf)
    time.sleep(random.uniform(0.05, 0.3))
    print_label(job)
    milliseconds = (time.monotonic() - began) * 1000
    packing.info("packed %s in %.0f ms trace_id=%s", job["order"], milliseconds, job["traceId"])


def confirm(job):
    time.sleep(random.uniform(0.02, 0.08))
    if random.random() < 0.06:
        mail.warning("mail server is busy (451), %s will be confirmed a little later", job["order"])
        time.sleep(0.3)
    mail.info("confirmed %s trace_id=%s", job["order"], job["traceId"])


def thumbnail(job):
    for width in (64, 256, 1024):
        images.debug("rendering %s.webp at %d px", job["sku"], width)
        time.sleep(0.05)
    images.info("thumbnails of %s are ready", job["sku"])


TASKS = {"pack": pack, "confirm": confirm, "thumbnail": thumbnail}


def stop(_signal, _frame):
    log.info("worker is going home")
    sys.exit(0)


def main():
    signal.signal(signal.SIGTERM, stop)
    log.info("worker started, taking jobs from %s", SHOP_URL)
    waited = 0.0
    while True:
        try:
            job = next_job()
        except (OSError, ValueError) as error:
            waited = min(8.0, waited * 2 or 0.5)
            log.warning("shop does not answer (%s), asking again in %.1f s", error, waited)
            time.sleep(waited)
            continue
        waited = 0.0
        if job is None:
            time.sleep(0.25)
            continue
        try:
            TASKS[job["task"]](job)
        except Exception:
            log.exception("job %d (%s of %s) failed", job["id"], job["task"], job["order"])


main()
