# Everything below works from a fresh clone: the first target that is called makes the environment (.venv).
PYTHON ?= python3
BIN := .venv/bin
UV_VERSION := 0.13.9
STAMP := .venv/.installed

export AIRFLOW_HOME := $(CURDIR)
export PYTHONUTF8 := 1

.DEFAULT_GOAL := help
.PHONY: help venv run up check test cover bench quality fuzz clean

help: ## show what can be made 显示可用的目标
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 16

$(STAMP): requirements.lock pyproject.toml
	@echo "Installing into .venv … 正在安装依赖 …"
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed 需要 Python 3.11 或更新版本"; exit 1; }
	@$(PYTHON) -m venv --clear .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check uv==$(UV_VERSION)
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes --requirement requirements.lock
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation --editable .
	@touch $@

venv: $(STAMP) ## the environment alone 只准备运行环境

run: $(STAMP) ## the demo province, one whole round through Airflow, compared with the truth 演示站点跑一轮并核对
	@$(BIN)/python -m exchange.demo.main_job

up: $(STAMP) ## Airflow's UI and scheduler over the same site, until Ctrl-C 启动界面和调度，按 Ctrl-C 结束
	@$(BIN)/python -m exchange.demo.up

check: $(STAMP) ## format, lint, types, import contracts 格式、规范、类型、分层检查
	@$(BIN)/ruff format --check --quiet .
	@$(BIN)/ruff check --quiet .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-cache

test: check ## check, then all tests 检查并运行全部测试
	@$(BIN)/python -m pytest --numprocesses 2 --dist worksteal

cover: $(STAMP) ## all tests, with the coverage of each file 测试覆盖率
	@$(BIN)/python -m pytest --numprocesses 2 --dist worksteal --cov --cov-report=term

bench: $(STAMP) ## ratios on this machine, beside other validators 本机性能比值
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes --no-deps --requirement requirements-bench.lock
	@$(BIN)/python -m benchmarks

quality: $(STAMP) ## how well licences are matched, beside Splink; writes docs/matching-quality 证照匹配质量
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes --no-deps --requirement requirements-bench.lock
	@$(BIN)/python -m benchmarks.matching

fuzz: $(STAMP) ## the verdict beside jsonschema's and licences beside those from scratch, at length 长时间随机比对
	@HUB_SEQUENCES=10000 HUB_FUZZ_ROWS=1000000 HUB_FUZZ_SCHEMAS=5000 HUB_FUZZ_SEED=$$$$ $(BIN)/python -m pytest --numprocesses 2 --dist worksteal tests/unit/validation/sql tests/unit/store/licences

clean: ## remove what `run` and `up` made (var/) 删除 var/
	rm -rf var
