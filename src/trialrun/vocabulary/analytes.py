def level_of(measure, text, value):
    if value is not None and str(int(value)) in measure.levels:
        return (measure.levels.index(str(int(value))),) * 2
    for i, l in enumerate(measure.levels):
        if text.split()[-1:] == [l]:
            return (i, i)
    return None


def finding_of(text, code):
    return {"positive": "positive", "negative": "negative"}.get(text.lower())
