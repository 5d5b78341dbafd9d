"""Answers that an applicant can act on, one package for each question.

>>> from matchmodel import Applicant, load_model
>>> from matchmodel.advice.what_if import what_if
>>> found = what_if(load_model(), Applicant("Internal Medicine", "non-us-img", step2_ck=245, usce_months=3))
>>> found.levers[0].chance.point > 0
True

Packages and their functions are named as the commands: what_if, target, timing, portfolio, programs,
specialties, plan. Each result is frozen and has `to_dict()`,
the object that `--json` prints; its `answer` is that of `predict`.
"""
