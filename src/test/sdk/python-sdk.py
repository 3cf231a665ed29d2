"""Sends calls with an unmodified Python SDK; prints what it gives up.

    python-sdk.py segment|rudderstack|customerio URL KEY CALLS PAUSE_MS
"""
import importlib
import sys
import time

name, url, key, calls, pause = sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4]), int(sys.argv[5]) / 1000
module = importlib.import_module(name + ".analytics")


def given_up(error, items):
    print(f"failed {len(items)} {error}", flush=True)


client = module.client.Client(key, host=url, on_error=given_up)
for n in range(calls):
    client.track("u", f"python-{name} {n}", {"n": n})
    time.sleep(pause)
client.flush()
client.join()
print("done", flush=True)
