from simulators.command import options, serve
from simulators.musicgpt import MusicgptSimulator

if __name__ == "__main__":
    given = options("musicgpt").parse_args()
    serve(MusicgptSimulator(key=given.key, pace=given.pace, credits=given.credits, port=given.port))
