"""`matchmodel evaluate --applicants`: the model compared with your own applicants."""
