# What every artifact shares: bytecode that Lambda can use, and the same bytes from the same sources wherever they lie.
# SAM's zips carry timestamps from 1980, so only hash-based bytecode is ever valid there. The interpreter does not read
# the sources for it (unchecked); they are there for the lines of a traceback, which name the place on Lambda.
# $(call compile,folder,place on Lambda)
UV ?= uv
PYTHON313 ?= python3.13
PLATFORM ?= aarch64-manylinux_2_28

define compile
	find "$(1)" -name __pycache__ -prune -exec rm -rf {} +
	PYTHONHASHSEED=0 $(PYTHON313) -m compileall -q --invalidation-mode unchecked-hash -s "$(1)" -p "$(2)" "$(1)"
endef

# $(call wheels,folder): for python3.13 on $(PLATFORM) from any host. Their commands, and the lists that hold the hashes
# of those, name the interpreter of the host.
define wheels
	$(UV) pip install -q --no-compile-bytecode --only-binary :all: --require-hashes --python-version 3.13 \
	  --python-platform $(PLATFORM) --target "$(1)" -r requirements.txt
	rm -rf "$(1)/bin" "$(1)/.lock"
	rm -f "$(1)"/*.dist-info/RECORD
endef
