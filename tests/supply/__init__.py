"""What the program is made of besides its own code: versions, licences, known vulnerabilities."""
