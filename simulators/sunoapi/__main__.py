from simulators.command import options, serve
from simulators.sunoapi import SunoapiSimulator

if __name__ == "__main__":
    given = options("sunoapi").parse_args()
    serve(SunoapiSimulator(key=given.key, pace=given.pace, credits=given.credits, port=given.port))
