"""One completion through LiteLLM's router with its own mocked provider: see router.py. Runs in .venv-bench."""

import os

os.environ["LITELLM_LOCAL_MODEL_COST_MAP"] = "True"  # else its import asks the network for prices

from litellm import Router

from bench.gateway.turns import cpu, hushed, serve

PROMPT = [{"role": "user", "content": "make it lo-fi jazz with a warm upright bass"}]
DEPLOYMENTS = ["openai/gpt-4o", "openai/gpt-4o-mini"]
"""Two, as our side has two providers: there is something to choose."""


def main() -> None:
    answers = hushed()
    router = Router(
        model_list=[
            {"model_name": "cover", "litellm_params": {"model": one, "api_key": "none", "mock_response": "done"}}
            for one in DEPLOYMENTS
        ]
    )
    serve(answers, lambda: cpu(lambda: router.completion(model="cover", messages=PROMPT)))


if __name__ == "__main__":
    main()
