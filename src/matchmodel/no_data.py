"""What the data cannot answer, each with its own sentence. Standard library only.

These are general knowledge of how residencies are reached, no figures.
"""

# fellowship -> the residency that comes before it
FELLOWSHIPS = {
    **dict.fromkeys(
        (
            "cardiology",
            "interventional cardiology",
            "gastroenterology",
            "gi",
            "endocrinology",
            "nephrology",
            "pulmonology",
            "pulmonary",
            "pulmonary and critical care",
            "critical care",
            "hematology",
            "haematology",
            "oncology",
            "hematology oncology",
            "heme onc",
            "medical oncology",
            "infectious disease",
            "infectious diseases",
            "rheumatology",
            "geriatrics",
            "hospital medicine",
            "allergy",
            "allergy and immunology",
            "hepatology",
            "palliative care",
            "sleep medicine",
        ),
        "Internal Medicine",
    ),
    **dict.fromkeys(
        (
            "neonatology",
            "pediatric cardiology",
            "pediatric hematology oncology",
            "adolescent medicine",
        ),
        "Pediatrics",
    ),
    **dict.fromkeys(
        (
            "surgical oncology",
            "pediatric surgery",
            "trauma surgery",
            "transplant surgery",
            "colorectal surgery",
            "colon and rectal surgery",
            "bariatric surgery",
            "breast surgery",
            "hand surgery",
        ),
        "General Surgery",
    ),
    **dict.fromkeys(
        (
            "child psychiatry",
            "child and adolescent psychiatry",
            "addiction psychiatry",
            "forensic psychiatry",
        ),
        "Psychiatry",
    ),
    **dict.fromkeys(("stroke", "vascular neurology", "epilepsy", "neurophysiology"), "Neurology"),
    **dict.fromkeys(("pain", "pain medicine", "pain management"), "Anesthesiology"),
    **dict.fromkeys(("neuroradiology",), "Diagnostic Radiology"),
    **dict.fromkeys(("sports medicine",), "Family Medicine"),
    **dict.fromkeys(
        ("maternal fetal medicine", "gynecologic oncology", "reproductive endocrinology"),
        "Obstetrics and Gynecology",
    ),
    **dict.fromkeys(("spine surgery",), "Orthopaedic Surgery"),
}

# specialty -> why no odds are given
OTHER_MATCHES = {
    "Ophthalmology": "ophthalmology has its own match (SF Match), whose tables by score this model lacks",
    "Urology": "urology has its own match (AUA), whose tables by score this model lacks",
}

# option that somebody may try -> the sentence
TOPICS = {
    "--couples": "no data: no table shows IMGs who match as couples, so their odds are not known",
    "--soap": "no data: no table shows SOAP by score, so these odds are of the main Match alone",
    "--step3": "no data: no Match table shows Step 3 beside who matched",
    "--research": "not in the odds: NRMP prints medians alone, which predict --details shows",
    "--publications": "not in the odds: NRMP prints medians alone, which predict --details shows",
    "--volunteer": "not in the odds: NRMP prints medians alone, which predict --details shows",
    "--work": "not in the odds: NRMP prints medians alone, which predict --details shows",
    "--letters": "no data: no table shows letters of recommendation beside who matched",
    "--lor": "no data: no table shows letters of recommendation beside who matched",
    "--nationality": "no data: no table shows the odds by country or nationality, only by visa need",
    "--country": "no data: no table shows the odds by country or nationality, only by visa need",
    "--school": "no data: no table shows the odds by medical school",
    "--reapplicant": "no data in Match tables; matchmodel timing shows what one study says of a second try",
    "--gpa": "no data: no table shows grades of IMGs beside who matched",
    "--rank": "no data: a program's own list is secret, and no table shows places on it",
    **dict.fromkeys(
        ("--step1", "--step1-score"),
        "a Step 1 number is not in the model, its attempts are: --step1-attempts",
    ),
}


def folded(name: object) -> str:
    """Return a name without case, hyphens and slashes, a space between words."""
    return " ".join(str(name).casefold().replace("-", " ").replace("/", " ").replace("&", " and ").split())


def why_no_specialty(name: object) -> str | None:
    """Return the sentence on a name that is no residency of the Match, None where it may be one."""
    asked = folded(name).removesuffix(" fellowship")
    residency = FELLOWSHIPS.get(asked)
    if residency is not None:
        return (
            f"{asked} is a fellowship, which comes after a residency in {residency}: "
            f"ask for {residency} (there are no data on fellowship matches here)"
        )
    if asked in ("prelim", "preliminary", "pgy 1", "prelim year", "preliminary year"):
        return "say which one: preliminary medicine, preliminary surgery, or transitional year"
    return None
