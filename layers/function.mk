# `sam build` calls this for each function, by its logical id: its one file, with bytecode, and what it hands out.
include $(dir $(lastword $(MAKEFILE_LIST)))bytecode.mk

build-%Function:
	mkdir -p "$(ARTIFACTS_DIR)"
	cp -R app.py $(wildcard files) "$(ARTIFACTS_DIR)/"
	$(call compile,$(ARTIFACTS_DIR),/var/task)
