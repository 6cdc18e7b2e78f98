from simulators.aimusicapi import AimusicapiSimulator
from simulators.command import options, serve

if __name__ == "__main__":
    given = options("aimusicapi").parse_args()
    serve(AimusicapiSimulator(key=given.key, pace=given.pace, credits=given.credits, port=given.port))
