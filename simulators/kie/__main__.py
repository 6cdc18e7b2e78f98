from simulators.command import options, serve
from simulators.kie import KieSimulator

if __name__ == "__main__":
    parser = options("kie")
    parser.add_argument("--hmac-key", default=None, help="signs the callbacks")
    given = parser.parse_args()
    serve(KieSimulator(key=given.key, hmac_key=given.hmac_key, pace=given.pace, credits=given.credits, port=given.port))
