"""Reads pairs of files, named on standard input as IN <tab> OUT, and says for
each whether Python's json finds the same question-answer pairs, and the same
other values, in both. It knows the shapes by rules of its own."""
import json
import re
import sys

QUESTION = ["question", "q", "query", "user_input", "prompt", "instruction", "input"]
ANSWER = ["answer", "a", "response", "reference", "solution", "expected_answer", "completion", "ground_truth", "reference_answer",
          "expected_output", "gold_answer", "correct_answer", "model_answer", "output", "answers"]
MARKS = {"user", "assistant", "human", "gpt", "system", "model", "bot", "FAQPage", "Question", "Answer", ""}


def read(path):
    text = open(path, "rb").read().decode("utf-8-sig")
    if path.endswith(".jsonl"):
        return [json.loads(line) for line in text.splitlines() if line.strip()]
    try:
        return json.loads(text)
    except json.JSONDecodeError:
        text = re.sub(r"^\s*//.*$", "", text, flags=re.M)
        return json.loads(text)


def first(obj, names):
    low = {k.lower(): k for k in obj}
    for n in names:
        if n in low:
            return obj[low[n]]
    return None


def pair(obj):
    for key, role, text in (("messages", "role", "content"), ("conversations", "from", "value")):
        if isinstance(obj.get(key), list):
            said = [m[text] for m in obj[key] if m[role] not in ("system",)]
            return tuple(s.strip() for s in said)
    if "acceptedAnswer" in obj and "name" in obj:
        return obj["name"].strip(), obj["acceptedAnswer"]["text"].strip()
    q = first(obj, QUESTION)
    a = first(obj, [n for n in ANSWER if not (n == "response" and "user_input" in obj)])
    if isinstance(a, list):
        (a,) = a
    if isinstance(a, dict):
        a = a["text"]
        if isinstance(a, list):
            (a,) = a
    return q.strip(), a.strip()


def pairs(x):
    if isinstance(x, dict):
        if isinstance(x.get("data"), list) and x["data"] and "paragraphs" in x["data"][0]:
            return [pair(q) for d in x["data"] for p in d["paragraphs"] for q in p["qas"]]
        if isinstance(x.get("question"), list):
            return list(zip((q.strip() for q in x["question"]), (a.strip() for a in x["answer"])))
        lists = [v for v in x.values() if isinstance(v, list) and v and isinstance(v[0], dict)]
        x = x["qa_pairs"] if "qa_pairs" in x else lists[0]
    return [pair(o) for o in x]


def leaves(x, out):
    if isinstance(x, dict):
        for v in x.values():
            leaves(v, out)
    elif isinstance(x, list):
        for v in x:
            leaves(v, out)
    else:
        out.add(x.strip() if isinstance(x, str) else repr(x))
    return out


for line in sys.stdin:
    before, after = line.rstrip("\n").split("\t")
    try:
        a, b = read(before), read(after)
        pa, pb = pairs(a), pairs(b)
        missing = leaves(a, set()) - leaves(b, set()) - MARKS
        print("same" if pa == pb and not missing else "DIFFERENT %d %d %r" % (len(pa), len(pb), sorted(missing)[:3]), len(pb), sep="\t", flush=True)
    except Exception as e:
        print("ERROR %s: %s" % (type(e).__name__, e), 0, sep="\t", flush=True)
