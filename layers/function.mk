# `sam build` calls this for each function, by its logical id: its one file, with bytecode.
include $(dir $(lastword $(MAKEFILE_LIST)))bytecode.mk

build-%Function:
	mkdir -p "$(ARTIFACTS_DIR)"
	cp app.py "$(ARTIFACTS_DIR)/"
	$(call compile,$(ARTIFACTS_DIR),/var/task)
