"""What would be served instead: scikit-learn's k-means behind FastAPI (`serve_peer:fast`) or Flask (`serve_peer:plain`).

Fits at its start: SERVE_PEER_FILE, its columns SERVE_PEER_COLUMNS (comma-separated), SERVE_PEER_K segments. POST /v1/predict
takes an object or a list of them and answers with segment and confidence, (d2 - d1) / d2, of each.
"""
import os

import numpy as np
import pandas as pd
from fastapi import FastAPI, Request
from flask import Flask, jsonify, request
from sklearn.cluster import KMeans
from sklearn.impute import SimpleImputer
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

COLUMNS = os.environ["SERVE_PEER_COLUMNS"].split(",")
rows = pd.read_csv(os.environ["SERVE_PEER_FILE"])[COLUMNS].to_numpy(float)
means = KMeans(int(os.environ["SERVE_PEER_K"]), n_init=10, random_state=0)
model = make_pipeline(SimpleImputer(strategy="median"), StandardScaler(), means).fit(rows)


def answer(body):
    objects = body if isinstance(body, list) else [body]
    values = np.array([[one[column] for column in COLUMNS] for one in objects], float)
    distances = model.transform(values)
    nearest = np.sort(np.partition(distances, 1, axis=1)[:, :2], axis=1)
    segments, confidence = distances.argmin(1) + 1, (nearest[:, 1] - nearest[:, 0]) / nearest[:, 1]
    found = zip(segments.tolist(), confidence.tolist())
    return {"rows": [{"segment": segment, "confidence": sure} for segment, sure in found]}


fast, plain = FastAPI(), Flask(__name__)


@fast.post("/v1/predict")
async def fast_predict(request: Request):
    return answer(await request.json())


@plain.post("/v1/predict")
def plain_predict():
    return jsonify(answer(request.get_json()))
