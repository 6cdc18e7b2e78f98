from simulators.aimlapi import AimlapiSimulator
from simulators.aimlapi.billing import FUNDS
from simulators.command import options, serve

if __name__ == "__main__":
    parser = options("aimlapi")
    parser.set_defaults(credits=FUNDS)
    given = parser.parse_args()
    serve(AimlapiSimulator(key=given.key, pace=given.pace, credits=given.credits, port=given.port))
