"""Trains one model from one settings file: python pipelines/training/train.py configs/gbm.toml"""

import sys
import tomllib

with open(sys.argv[1], "rb") as file:
    settings = tomllib.load(file)
print(f"would train {settings['model']['kind']} on {settings['data']['months']} months")
